import { randomUUID } from 'node:crypto'
import { messageOf } from '../../../domain/errors.ts'
import { type SwitchedJobs, switchJobs } from '../jobs/switch-jobs.ts'
import { differencesOf } from '../differences/alike.ts'
import { awaitMarker, writeMarkerSql } from '../replication/marker.ts'
import { refreshMaterializedViews } from '../copy/matviews.ts'
import { linkName } from '../replication/slots.ts'
import { whyNotApplying } from '../replication/subscriptions.ts'
import { powersOf } from '../server/powers.ts'
import { type Parts } from './parts.ts'
import type { DatabasePort } from '../database.ts'
import type { Entry } from '../entry/entry.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'
import { sideName } from '../side-name.ts'
import { tidyLinks } from './prepare.ts'

const armingPatienceMs = 15_000

/** Writes as the application through the public path; the other side is checked for this write afterwards. */
export async function publicProbe(
  { entry, to }: { readonly entry: Pick<Entry, 'enter'>; readonly to: DatabasePort },
  token: string,
): Promise<SwitchResult['probe']> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  try {
    const { client, leave } = await entry.enter(to)
    try {
      // What the database sets for its sessions is the application's own affair.
      await client.query('begin; set local role none; set local statement_timeout = 0')
      await client.query(writeMarkerSql, ['probe', token])
      await client.query('commit')
      return { ok: true, ms: ms() }
    } finally {
      await leave().catch(() => undefined)
    }
  } catch (error) {
    return { ok: false, ms: ms(), error: messageOf(error) }
  }
}

/**
 * Completes a switch after the writers have resumed: removes the old direction and writes through the public path. The way
 * back is armed once that write has arrived on the side `from`. A failed refresh of a view does not fail the switch.
 */
export async function finish(
  plan: SwitchPlan,
  parts: Parts,
  generation: number,
): Promise<
  Pick<
    SwitchResult,
    | 'probe'
    | 'armed'
    | 'armedAfterMs'
    | 'unarmedReason'
    | 'staleViews'
    | 'differing'
    | 'leftDifferent'
    | 'jobs'
  >
> {
  const began = performance.now()
  const token = randomUUID()
  await parts.entry.leadLatecomers().catch((error: unknown) => {
    plan.say(`it is not known whether every process of the pooler follows: ${messageOf(error)}`)
  })
  const probe = await publicProbe(plan, token)
  await tidyLinks(parts, { generation, openSide: 'to' })
  const jobs = await jobsSwitched(plan, parts)
  const arming = await arm(plan, parts, generation, { probe, token, began })
  const sides = await lookAtDifferences(plan, parts)
  await keepPosition(plan, parts)
  // The deadline of the gap limits its statements; a view may take longer.
  await parts.to.app.query('set statement_timeout = 0; set lock_timeout = 0')
  const staleViews = await refreshMaterializedViews(parts.to.app)
  return {
    probe,
    ...armedOnlyIfAlike(arming, sides),
    ...sides,
    ...(jobs && { jobs }),
    ...(staleViews.length === 0 ? {} : { staleViews }),
  }
}

/** Where a side keeps no position of its own, that of its slot counts, which a crash of the server would take back until it is on disk. */
async function keepPosition({ say }: SwitchPlan, { from, to }: Parts): Promise<void> {
  const { setsOrigins } = await powersOf(from.app)
  if (setsOrigins) return
  await to.app.query('checkpoint').catch((error: unknown) => {
    say(
      `until the next checkpoint of ${sideName(to.port)} a crash of it would stop replication: ${messageOf(error)}`,
    )
  })
}

async function jobsSwitched(plan: SwitchPlan, parts: Parts): Promise<SwitchedJobs | undefined> {
  try {
    return await switchJobs(plan, parts)
  } catch (error) {
    const reason = messageOf(error)
    plan.say(`jobs of schedulers inside the servers could not be switched: ${reason}`)
    return { on: [], off: [], leftOn: [reason] }
  }
}

type Differing = Pick<SwitchResult, 'differing' | 'leftDifferent'>
type Arming = Pick<SwitchResult, 'armed' | 'armedAfterMs' | 'unarmedReason'>

/** The differences of both sides after the switch, which matter for the way back as much as before it. */
async function lookAtDifferences(plan: SwitchPlan, { from, to }: Parts): Promise<Differing> {
  try {
    const { unwaived, waived } = await differencesOf({ from: to, to: from, given: plan, moment: 'precheck' })
    return { differing: unwaived, leftDifferent: waived }
  } catch (error) {
    plan.say(`the sides could not be compared: ${messageOf(error)}`)
    return {}
  }
}

function armedOnlyIfAlike(arming: Arming, { differing }: Differing): Arming {
  if (!arming.armed || differing?.length === 0) return arming
  const unarmedReason =
    differing === undefined
      ? 'the sides could not be compared after the switch'
      : `the sides differ in ${differing.slice(0, 5).join(', ')}`
  return { armed: false, unarmedReason }
}

async function arm(
  plan: SwitchPlan,
  parts: Parts,
  generation: number,
  { probe, token, began }: { probe: SwitchResult['probe']; token: string; began: number },
): Promise<Pick<SwitchResult, 'armed' | 'armedAfterMs' | 'unarmedReason'>> {
  if (!probe.ok)
    return { armed: false, unarmedReason: `no write went through the entry: ${probe.error ?? 'no answer'}` }
  const reverse = linkName(plan.to.database, generation)
  try {
    await awaitMarker({
      from: { client: parts.to.app, label: sideName(plan.to) },
      to: { client: parts.from.app, label: sideName(plan.from) },
      name: 'probe',
      token,
      timeoutMs: armingPatienceMs,
      reason: async () => whyNotApplying(parts.from.app, reverse),
    })
    const elsewhere = await parts.entry.comesElsewhere(parts.to, plan.say)
    if (elsewhere !== undefined)
      return {
        armed: false,
        unarmedReason: `connections of the entry to ${elsewhere} are not known to the server that serves: another server answers there, or they are broken`,
      }
    return { armed: true, armedAfterMs: Math.round(performance.now() - began) }
  } catch (error) {
    return { armed: false, unarmedReason: messageOf(error) }
  }
}
