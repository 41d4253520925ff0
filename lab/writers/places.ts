import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { DatabaseSide, Lab } from '../lab.ts'

/**
 * Runs `work` on the database that serves: at the entry, as the application and the way it goes, or, where nothing stands before it, on the
 * side named.
 */
export function withServing<T>(
  lab: Lab,
  work: (client: pg.Client) => Promise<T>,
  serving?: DatabaseSide,
): Promise<T> {
  if (serving !== undefined) return withSide(lab, serving, work)
  const { entry, databases } = lab.description
  return connected(
    {
      host: entry.pgbouncer.address,
      port: entry.pgbouncer.port,
      database: entry.pgbouncer.database,
      user: databases.old.appUser,
      password: lab.secret(databases.old.appSecret),
    },
    work,
  )
}

/** Runs `work` on one side's database, as its administrator, past the entry. */
export function withSide<T>(
  lab: Lab,
  side: DatabaseSide,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { address, port, database, adminUser, adminSecret } = lab.description.databases[side]
  return connected(
    { host: address, port, database, user: adminUser, password: lab.secret(adminSecret) },
    work,
  )
}

/** Asks again for what is missing until nothing is or the time is over: a replica follows its source with a delay. */
export async function untilSettled<Key>(
  settleMs: number,
  wanted: readonly Key[],
  findMissing: (wanted: readonly Key[]) => Promise<Key[]>,
): Promise<Key[]> {
  const deadline = Date.now() + settleMs
  let missing = await findMissing(wanted)
  while (missing.length > 0 && Date.now() < deadline) {
    await sleep(200)
    missing = await findMissing(missing)
  }
  return missing
}

async function connected<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 30_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
