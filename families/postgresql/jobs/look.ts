import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { type NamedHost, hostsOfJob } from '../facts/named-hosts.ts'
import { withClient } from '../server/connections.ts'
import { type Scheduler, schedulers } from './schedulers.ts'

/** A job that a scheduler inside a server runs in a database. */
export interface JobFacts {
  readonly scheduler: string
  readonly id: string
  /** The same on both servers, if they have the same job. */
  readonly name: string
  /** The database that keeps it. */
  readonly place: string
  readonly active: boolean
  /** When it runs, and the first words of what it does. */
  readonly words: string
  /** Hosts that its text names; absent where it names none. */
  readonly namedHosts?: readonly Omit<NamedHost, 'object'>[]
  /** The statement that switches it off, to be run in `place`. */
  readonly off: string
  /** The one that switches it on. */
  readonly on: string
}

/** Databases that schedulers are installed in, if not in the one that they work on. */
const usualPlaces = `select datname::text as name from pg_database
  where datallowconn and datname in ($1, 'postgres', current_setting('cron.database_name', true))`

type Ask = <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<readonly R[]>

/**
 * Looks for the jobs of a database in every place where schedulers of its server keep them. `ask` asks any database of the server.
 * Asks only ordinary tables: a view in their place would run code of whoever made it.
 */
export async function lookForJobs(port: DatabasePort, ask: Ask): Promise<readonly JobFacts[]> {
  const places = await ask<{ name: string }>(usualPlaces, [port.database])
  const found = await Promise.all(
    places.map(async ({ name: place }) =>
      withClient(port, 'jobs', async (client) => jobsIn(client, port, place), place),
    ),
  )
  return found.flat()
}

async function jobsIn(client: pg.Client, port: DatabasePort, place: string): Promise<readonly JobFacts[]> {
  await client.query(`begin transaction read only; set local statement_timeout = '10s'`)
  try {
    const jobs: JobFacts[] = []
    for (const one of schedulers)
      if (await isIn(client, one)) jobs.push(...(await listed(client, one, port, place)))
    return jobs
  } finally {
    await client.query('rollback')
  }
}

async function isIn(client: pg.Client, { tables }: Scheduler): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from unnest($1::text[]) t join pg_class c on c.oid = to_regclass(t) where c.relkind = 'r'`,
    [tables],
  )
  return rowCount === tables.length
}

async function listed(
  client: pg.Client,
  scheduler: Scheduler,
  port: DatabasePort,
  place: string,
): Promise<readonly JobFacts[]> {
  const { rows } = await client.query<{
    id: string
    name: string
    active: boolean
    words: string | null
    text: string | null
  }>(`${scheduler.list} order by 1`, [port.database])
  return Promise.all(
    rows.map(async ({ words, text, ...job }) => {
      const namedHosts = await hostsOfJob(port, text ?? '')
      return {
        scheduler: scheduler.name,
        ...job,
        place,
        words: words ?? '-',
        ...(namedHosts.length > 0 && { namedHosts }),
        ...statementsFor(scheduler, job.id),
      }
    }),
  )
}

function statementsFor({ switchOne }: Scheduler, id: string): Pick<JobFacts, 'on' | 'off'> {
  const of = (on: boolean) => switchOne.replace('{id}', id).replace('{on}', String(on))
  return { on: of(true), off: of(false) }
}

/** The name of a job in findings and waivers. */
export function jobName({ scheduler, name }: Pick<JobFacts, 'scheduler' | 'name'>): string {
  return `${scheduler} ${name.length > 60 ? `${name.slice(0, 60)}…` : name}`
}

/** The same job of another server. */
export function namesakeOf(job: JobFacts, others: readonly JobFacts[]): JobFacts | undefined {
  return others.find(({ scheduler, name }) => scheduler === job.scheduler && name === job.name)
}
