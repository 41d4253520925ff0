import { recorded } from '../replication/old-side.ts'
import { SideUnknownError } from '../errors.ts'
import { withClient } from '../server/connections.ts'
import { ensureControl } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import type { DatabasePort } from '../database.ts'
import { sideName } from '../side-name.ts'
import { EntryUnsettledError, WritersWaitError } from './errors.ts'
import { hasUnsettledGap } from './gap-record.ts'
import { type Rest, type RestEntry, type RestPatience, bringToRest } from './rest.ts'

export interface PairPlan {
  /** The side that was to be left by the last switch that was tried; where none was, the one that serves. */
  readonly from: DatabasePort
  readonly to: DatabasePort
  /** Without it a pair is refused whose entry nobody has on record as leading to the side that serves. */
  readonly entry?: RestEntry
  readonly patience?: RestPatience
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** A pair of which one side serves, or that nobody has prepared for a switch. */
export type SettledPair = { readonly serves: 'none' } | Pick<Rest, 'serves' | 'undone' | 'link'>

const shortPatience: RestPatience = { sideMs: 10_000, entryMs: 5_000, linkMs: 0 }

/**
 * Brings a pair to exactly one open side, with its entry leading there, before anything of it is taken down or taken for granted.
 * Harmless when repeated; a pair that is in order stays as it is.
 * @throws PairUnsettledError, which says whose server is waited for; EntryUnsettledError, WritersWaitError, BothSidesOpenError,
 * SideStaleError, SideUnknownError when only one side is on record, and that one is closed
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

/** Whether the entry of a gap of this side is not known to lead to the side that serves. */
export async function isUnsettled(port: DatabasePort): Promise<boolean> {
  return withClient(port, 'look', async (control) => hasUnsettledGap(control, port.database), controlDatabase)
}
