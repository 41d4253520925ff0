import pg from 'pg'

/** A pool for the product's own database. Close it with `end()`. */
export function createPool(databaseUrl: string, options: { readonly max?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    application_name: 'qianyun',
  })
  // A connection lost while idle is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  return pool
}

/** What runs one statement: the pool, or the connection a transaction is on. */
/** Connections to the product's own database. */
export type Pool = pg.Pool

export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>

/** Carries `work` out in one transaction: all of it or, when it throws, nothing. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is in an unknown state and must not be used again.
    const broken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    client.release(broken)
    throw error
  }
}

/** The advisory locks of the product, so that no two uses meet by chance. Taken in this order where both are needed. */
export const locks = {
  schema: 7_370_001,
  migration: 7_370_002,
  launch: 7_370_003,
  places: 7_370_004,
  audit: 7_370_009,
} as const

/** Waits for the lock of one name and holds it until the transaction ends. */
export async function lockName(client: Queryable, lock: number, name: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [lock, name])
}
