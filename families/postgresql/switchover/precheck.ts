import { randomUUID } from 'node:crypto'
import type { SideState } from '../server/control.ts'
import { markerTrip } from '../replication/marker.ts'
import { type SidesSeen, checkSides } from './check-sides.ts'
import { lookAtFence } from '../server/sessions.ts'
import { linkName } from '../replication/slots.ts'
import { LinkLostError } from '../replication/errors.ts'
import { followNewTables } from '../replication/initial-copy.ts'
import { isLinkLost } from '../replication/link.ts'
import { publishNewTables } from '../replication/publication.ts'
import { noteTables } from '../replication/known-tables.ts'
import { assertSameTables, passOver } from '../replication/pass-over.ts'
import { findSubscription, whyNotApplying } from '../replication/subscriptions.ts'
import { FenceLeaksError, ReplicationNotLiveError } from './errors.ts'
import type { Parts } from './parts.ts'
import { sideName } from '../side-name.ts'
import type { SwitchPlan } from './plan.ts'
import { said } from '../../../domain/words/said.ts'

/** Results of the checks that the gap needs. */
export interface Prechecked {
  /** Roles whose refused login will prove the fence, because their password is known to be right. */
  readonly provingRoles: readonly string[]
  readonly sides: SidesSeen
}

const markerPatienceMs = 15_000
const copyPatienceMs = 600_000

/** Checks everything that could make a switch fail, before any client waits, and copies what is not replicated. */
export async function precheck(
  plan: SwitchPlan,
  parts: Parts,
  states: { from: SideState; to: SideState },
): Promise<Prechecked> {
  await parts.entry.check(plan.from)
  await checkFence(plan, parts)
  const name = linkName(plan.from.database, states.from.generation)
  const stops = await passOver(parts.from, parts.to, name, plan.signal)
  // The sides come first: a change on one of them may be why replication stopped, and is the better error.
  const sides = await checkSides(plan, parts)
  await assertSameTables(parts.from, parts.to)
  if (stops !== undefined) throw new ReplicationNotLiveError(name, sideName(plan.to), stops)
  await checkReplication(plan, parts, name)
  // By now, so that the comparison right before the pause meets no change of ours.
  await publishNewTables(parts.to.app)
  await noteTables(parts.to.app, { anew: true })
  await parts.entry.checkLogins({ from: parts.from, to: parts.to, state: states.to, say: plan.say })
  return { provingRoles: await rolesThatProve(plan), sides }
}

/** Checks that no role passes the fence of the side `to`. */
async function checkFence(plan: SwitchPlan, { to }: Parts): Promise<void> {
  const { mayConnect } = await lookAtFence(to.control, plan.to)
  if (mayConnect.length === 0) return
  const leaks = mayConnect.map((role) => `role "${role}" may connect, though the side is closed`)
  throw new FenceLeaksError(sideName(plan.to), leaks)
}

async function checkReplication(plan: SwitchPlan, { from, to }: Parts, name: string): Promise<void> {
  const lost = await isLinkLost(from.app, to.app, name)
  if (lost !== undefined) throw new LinkLostError(name, sideName(plan.from), sideName(plan.to), lost)
  const found = await findSubscription(to.app, name)
  if (found?.enabled === true) {
    const { from: serves, to: side, signal, say } = plan
    const patience = { from: serves, side, timeoutMs: copyPatienceMs, signal, say }
    await followNewTables(from.app, to.app, name, patience)
  }
  if (found?.enabled !== true || found.notReady.length > 0) {
    const reason = (await whyNotApplying(to.app, name)) ?? said('cause-not-ready')
    throw new ReplicationNotLiveError(name, sideName(plan.to), reason)
  }
  await markerTrip({
    from: { client: from.app, label: sideName(plan.from) },
    to: { client: to.app, label: sideName(plan.to) },
    name: 'precheck',
    token: randomUUID(),
    timeoutMs: markerPatienceMs,
    reason: async () => whyNotApplying(to.app, name),
    signal: plan.signal,
  })
}

/** Roles that can log in now; only their later refusal proves anything. */
async function rolesThatProve({ from }: SwitchPlan): Promise<readonly string[]> {
  const tried = await Promise.all(
    from.appRoles.map(async (role) => ({ role, refusal: await from.tryAppLogin(role) })),
  )
  return tried.filter(({ refusal }) => refusal === undefined).map(({ role }) => role)
}
