import pg from 'pg'

/** Opens a pool for the product's own database. Close it with `end()`. */
export function createPool(databaseUrl: string, options: { readonly max?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    application_name: 'qianyun',
  })
  // An idle connection that is lost is replaced at the next use; without a listener the error would end the process.
  pool.on('error', () => undefined)
  return pool
}

/** Runs one statement: the pool, or the connection of a transaction. */
/** Connections to the product's own database. */
export type Pool = pg.Pool

export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>

/** Runs `work` in one transaction, which is rolled back if `work` throws. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  // A connection that ends between two statements says so by an event, which would end the process; the next statement fails.
  client.on('error', ignored)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.off('error', ignored)
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is in an unknown state and must not be used again.
    const broken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    if (!broken) client.off('error', ignored)
    client.release(broken)
    throw error
  }
}

const ignored = (): void => undefined

/** The advisory locks of the product, in one list so that no two share a number. If several are needed, take them in this order. */
export const locks = {
  schema: 7_370_001,
  migration: 7_370_002,
  launch: 7_370_003,
  places: 7_370_004,
  ledger: 7_370_005,
  audit: 7_370_009,
} as const

/** Waits for the lock of this name, and holds it until the transaction ends. */
export async function lockName(client: Queryable, lock: number, name: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [lock, name])
}
