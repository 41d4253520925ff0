import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import { jobName, lookForJobs } from './look.ts'

/**
 * The jobs of a database that are off on the server it was opened on alone, each with the statement that puts it on. Which of them were on at
 * the other server nobody can ask, so nothing is switched. Those in the moved database itself came with its rows.
 */
export async function jobsOffAlone(port: DatabasePort, control: pg.Client): Promise<readonly string[]> {
  try {
    const jobs = await lookForJobs(
      port,
      async <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) =>
        (await control.query<R>(sql, [...values])).rows,
    )
    return jobs
      .filter(({ active, place }) => !active && place !== port.database)
      .map((job) => `${jobName(job)}: ${job.on} (database "${job.place}")`)
  } catch (error) {
    return [`? (${messageOf(error)})`]
  }
}
