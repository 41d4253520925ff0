import pg from 'pg'
import { AwayWatch, isAway } from './away.ts'

export interface PoolOptions {
  readonly max?: number
  /** How long one statement is waited for; without it a server that is stopped is waited for as long as that takes. */
  readonly answersWithinMs?: number
}

/**
 * Opens a pool for the product's own database. While that database is away, whatever is asked of it by `query`, `connect` or
 * `inTransaction` fails with OwnDatabaseAwayError. Close it with `end()`.
 */
export function createPool(databaseUrl: string, { max = 10, answersWithinMs }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: 5_000,
    application_name: 'qianyun',
    ...(answersWithinMs !== undefined && { query_timeout: answersWithinMs }),
  })
  // An idle connection that is lost is replaced at the next use; without a listener the error would end the process.
  pool.on('error', () => undefined)
  const watch = new AwayWatch(new URL(databaseUrl).host)
  watches.set(pool, watch)
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<pg.PoolClient>
  pool.query = (async (...args: unknown[]) => {
    try {
      const result = await query(...args)
      watch.answered({ written: result.command !== 'SELECT' })
      return result
    } catch (error) {
      throw watch.named(error)
    }
  }) as typeof pool.query
  pool.connect = (async (...args: unknown[]) => {
    // The pool itself asks for connections with a callback.
    if (args.length > 0) return connect(...args)
    try {
      return await connect()
    } catch (error) {
      throw watch.named(error)
    }
  }) as typeof pool.connect
  return pool
}

const watches = new WeakMap<pg.Pool, AwayWatch>()

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
    watches.get(pool)?.answered({ written: true })
    client.off('error', ignored)
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is in an unknown state and must not be used again; one that is lost is not asked to.
    const broken =
      isAway(error) ||
      (await client.query('rollback').then(
        () => false,
        () => true,
      ))
    if (!broken) client.off('error', ignored)
    client.release(broken)
    throw watches.get(pool)?.named(error) ?? error
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
