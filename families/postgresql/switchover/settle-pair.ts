import { recorded } from '../replication/old-side.ts'
import { SideUnknownError } from '../errors.ts'
import { withClient } from '../server/connections.ts'
import { ensureControl } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import type { DatabasePort } from '../database.ts'
import type { RestEntry } from '../entry/entry.ts'
import { sideName } from '../side-name.ts'
import { EntryUnsettledError, WritersWaitError } from './errors.ts'
import { hasUnsettledGap } from './gap-record.ts'
import type { LeadPair } from './lead.ts'
import { type Rest, type RestPatience, bringToRest } from './rest.ts'

export interface PairPlan {
  /** The side `from` of the last attempted switch; the side that serves if there was none. */
  readonly from: DatabasePort
  readonly to: DatabasePort
  /** Without it a pair is refused if no record says that its entry leads to the side that serves. */
  readonly entry?: RestEntry
  /** Databases that are switched together with this one, one of which may decide for it. */
  readonly leads?: readonly LeadPair[]
  readonly patience?: RestPatience
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** A pair with one side that serves, or a pair that was never prepared for a switch. */
export type SettledPair = { readonly serves: 'none' } | Pick<Rest, 'serves' | 'undone' | 'link'>

const shortPatience: RestPatience = { sideMs: 10_000, entryMs: 5_000, linkMs: 0 }

/**
 * Brings a pair to exactly one open side, with its entry leading there, before anything is removed or assumed. Idempotent; a pair that
 * is in order stays.
 * @throws PairUnsettledError, which names the server it waits for; EntryUnsettledError, WritersWaitError, BothSidesOpenError,
 * SideStaleError; LeadUnknownError if another database decides and is none of `leads`; SideUnknownError if only one side is on record, and that side is closed
 */
export async function settlePair(plan: PairPlan): Promise<SettledPair> {
  const { from, to, entry } = plan
  const [left, right] = await Promise.all([lookAt(from), lookAt(to)])
  if (left === 'never' && right === 'never') return { serves: 'none' }
  for (const [own, other, name] of [
    [left, right, 'from'],
    [right, left, 'to'],
  ] as const) {
    if (own !== 'never' || other === 'silent') continue
    if (other === 'open') return { serves: name === 'from' ? 'to' : 'from', undone: false, link: 'absent' }
    throw new SideUnknownError(sideName(plan[name]))
  }
  const found = [left, right] as const
  await Promise.all(
    [from, to].map(async (port, at) => (isKnown(found[at]) ? ensureControl(port) : undefined)),
  )
  const rest = await bringToRest({ ...plan, by: 'next-run', patience: plan.patience ?? shortPatience })
  if (entry !== undefined && rest.entryFailure !== undefined)
    throw new WritersWaitError(entry.name, plan[rest.serves], { cause: rest.entryFailure })
  if (entry === undefined)
    for (const [port, look] of [
      [from, left],
      [to, right],
    ] as const)
      if (isKnown(look) && (await isUnsettled(port))) throw new EntryUnsettledError(plan[rest.serves])
  const { serves, undone, link } = rest
  return { serves, undone, link }
}

type Look = 'open' | 'closed' | 'never' | 'silent'

const isKnown = (look: Look | undefined): boolean => look === 'open' || look === 'closed'

async function lookAt(port: DatabasePort): Promise<Look> {
  try {
    return (await recorded(port))?.state ?? 'never'
  } catch {
    return 'silent'
  }
}

/** Whether a gap of this side lacks the record that its entry leads to the side that serves. */
export async function isUnsettled(port: DatabasePort): Promise<boolean> {
  return withClient(port, 'look', async (control) => hasUnsettledGap(control, port.database), controlDatabase)
}
