import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { DatabasePort } from '../database.ts'
import { sqlState, withoutCompiling } from '../server/connections.ts'
import type { DatabaseFacts } from './database-facts.ts'
import { type Question, gather } from './gather.ts'
import type { Surroundings } from './entry-facts.ts'
import { sizesQuery } from './queries.ts'
import { type Topic, topics } from './topics.ts'

/**
 * Takes stock of a PostgreSQL database: every topic, and what rules ask, in one read-only transaction, the largest table first.
 * @throws when the database cannot be reached or logged in to.
 */
export async function discoverDatabase(
  db: DatabasePort,
  questions: readonly Question[] = [],
  around: Surroundings = {},
): Promise<DatabaseFacts> {
  const client = await db.connect({ applicationName: 'qianyun-discovery' })
  try {
    await client.query(withoutCompiling)
    return await withSizes(
      client,
      await gather(client, db, Object.keys(topics) as Topic[], questions, around),
    )
  } finally {
    await client.end()
  }
}

/** Sizes look into the files of every table, which may take long: without them the facts are still facts. */
async function withSizes(client: pg.Client, facts: DatabaseFacts): Promise<DatabaseFacts> {
  try {
    await client.query(`SET statement_timeout = '60s'`)
    const { rows } = await client.query<{ name: string | null; bytes: string }>(sizesQuery)
    const sizes = new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
    const tables = facts.tables.map((table) => ({ ...table, sizeBytes: sizes.get(table.name) ?? 0 }))
    return {
      ...facts,
      sizeBytes: sizes.get(null) ?? 0,
      tables: tables.toSorted((one, other) => other.sizeBytes - one.sizeBytes),
    }
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    const reason = messageOf(error)
    return { ...facts, unknown: [...facts.unknown, { topic: 'sizes', reason }] }
  }
}
