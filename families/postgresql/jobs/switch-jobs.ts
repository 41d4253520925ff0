import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { fitting } from '../census/waivers.ts'
import type { DatabasePort } from '../database.ts'
import { jobWithoutNamesake } from '../rules/job-without-namesake.ts'
import { withClient } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import type { Parts } from '../switchover/parts.ts'
import type { SwitchPlan } from '../switchover/plan.ts'
import { type JobFacts, jobName, lookForJobs, namesakeOf } from './look.ts'
import { schedulers } from './schedulers.ts'

/** What became of the jobs of schedulers inside the servers. */
export interface SwitchedJobs {
  /** Switched on, on the side that serves. */
  readonly on: readonly string[]
  /** Switched off, on the side that was left. */
  readonly off: readonly string[]
  /** Still on, on the side that was left, each with the reason. */
  readonly leftOn: readonly string[]
}

/**
 * Switches the jobs of the database: each that is on, on the side `from`, is put on on the side `to` first, then off on `from`, whose fence
 * stops it meanwhile. So a run that was killed in between finds on `from` what is still to be done. Jobs that a waiver names, and those in
 * the moved database itself, stay as they are. Undefined if there are none.
 */
export async function switchJobs(plan: SwitchPlan, { from, to }: Parts): Promise<SwitchedJobs | undefined> {
  const waiverOf = fitting(plan)
  const look = async ({ port, control }: Parts['from']) =>
    lookForJobs(
      port,
      async <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) =>
        (await control.query<R>(sql, [...values])).rows,
    )
  const [left, opened] = await Promise.all([look(from), look(to)])
  const running = left.filter(({ active, place }) => active && place !== plan.from.database)
  if (running.length === 0) return undefined
  const isMeant = (job: JobFacts) => waiverOf(jobWithoutNamesake.id, jobName(job)) === undefined
  const moving = running.filter(isMeant)
  const namesakes = moving.flatMap((job) => namesakeOf(job, opened) ?? [])
  await setActive(plan.to, namesakes, true)
  const kept = running.filter((job) => !isMeant(job)).map((job) => `${jobName(job)}: by waiver`)
  const done = { on: namesakes.filter(({ active }) => !active).map(jobName) }
  try {
    await setActive(plan.from, moving, false)
    return { ...done, off: moving.map(jobName), leftOn: kept }
  } catch (error) {
    const reason = messageOf(error)
    plan.say(`jobs on ${sideName(plan.from)} could not be switched off: ${reason}`)
    return { ...done, off: [], leftOn: [...kept, ...moving.map((job) => `${jobName(job)}: ${reason}`)] }
  }
}

async function setActive(port: DatabasePort, jobs: readonly JobFacts[], active: boolean): Promise<void> {
  for (const place of new Set(jobs.map((job) => job.place)))
    for (const { name, change } of schedulers) {
      const ids = jobs.filter((job) => job.place === place && job.scheduler === name).map(({ id }) => id)
      if (ids.length === 0) continue
      await withClient(port, 'jobs', async (client) => client.query(change, [ids, active]), place)
    }
}
