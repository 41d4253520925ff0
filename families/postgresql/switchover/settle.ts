import { type Lead, type SideState, readState } from '../server/control.ts'
import { SideStateChangedError } from '../errors.ts'
import { type GapEnder, settleGaps } from './gap-record.ts'
import { decide } from './decide.ts'
import { noteGapEnd } from './gap-end.ts'
import { type LeadOutcome, decidingPair, outcomeOf } from './lead.ts'
import type { Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'
import { openSide } from './serve.ts'

/** The state of a pair that was brought to exactly one open side. */
export interface Standing {
  readonly serves: 'from' | 'to'
  readonly from: SideState
  readonly to: SideState
  /** Whether the side that serves was closed, and was opened again. */
  readonly undone: boolean
}

/**
 * Brings a pair to one open side with resumed clients, whatever an interrupted run left behind. The state is read from the databases:
 * if the side `to` is open, the switch is completed; otherwise it is undone, after claiming the side `to` so that no other run can open
 * it. The end of an open gap is recorded, with `by`. A pair that follows another one is settled after its lead, one of `leads`, whose locks are held.
 * @throws LeadUnknownError; BothSidesOpenError, SideStaleError, SideStateChangedError, EntryPointsElsewhereError
 */
export async function settle(
  plan: SwitchPlan,
  parts: Parts,
  by: GapEnder,
  leads: readonly Pick<Parts, 'from' | 'to'>[] = [],
): Promise<Standing> {
  const standing = await settleSides(plan, parts, leads)
  const { serves, undone } = standing
  await parts.entry.settle({ pair: plan, serving: plan[serves], justOpened: undone }, async (waited) =>
    noteGapEnd(parts, { serves, by, waited }),
  )
  for (const { control, port } of [parts.from, parts.to]) await settleGaps(control, port.database)
  return standing
}

async function settleSides(
  plan: Pick<SwitchPlan, 'from' | 'to'>,
  sides: Pick<Parts, 'from' | 'to'>,
  leads: readonly Pick<Parts, 'from' | 'to'>[],
): Promise<Standing> {
  for (let round = 1; ; round++) {
    try {
      return await settleOnce(plan, sides, leads)
    } catch (error) {
      if (!(error instanceof SideStateChangedError) || round >= 5) throw error
    }
  }
}

async function settleOnce(
  plan: Pick<SwitchPlan, 'from' | 'to'>,
  { from, to }: Pick<Parts, 'from' | 'to'>,
  leads: readonly Pick<Parts, 'from' | 'to'>[],
): Promise<Standing> {
  const read = async () => Promise.all([readState(from.control, plan.from), readState(to.control, plan.to)])
  const [left, right] = await read()
  const records = { from: left, to: right }
  let verdict = decide(records, plan, {})
  if ('asks' in verdict)
    verdict = decide(records, plan, { lead: await outcomeAtRest(plan, leads, verdict.asks) })
  if (!('serves' in verdict)) throw new Error('both sides have said what is open')
  const undone = await openSide({ from, to }, records, verdict.serves)
  const [fromNow, toNow] = await read()
  return { serves: verdict.serves, from: fromNow, to: toNow, undone }
}

/** What a lead that was settled before, and is locked, has decided. @throws LeadUnknownError */
async function outcomeAtRest(
  plan: Pick<SwitchPlan, 'from' | 'to'>,
  leads: readonly Pick<Parts, 'from' | 'to'>[],
  decides: Lead,
): Promise<LeadOutcome> {
  const pairs = leads.map(({ from, to }) => ({ from: from.port, to: to.port, sides: { from, to } }))
  const { pair, ...sides } = decidingPair(pairs, decides, plan)
  const read = async (side: 'from' | 'to') => readState(pair.sides[side].control, pair[side])
  const outcome = outcomeOf({ opens: await read(sides.opens), leaves: await read(sides.leaves) }, decides)
  if (outcome === undefined) throw new Error('the lead was settled before')
  return outcome
}
