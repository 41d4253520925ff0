import type pg from 'pg'

/** As on a standby, or where an administrator has shut it: it answers, and takes nothing. */
export async function readOnly(pool: pg.Pool, isSo: boolean): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set default_transaction_read_only = off')
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    for (const { name } of rows)
      await client.query(`alter database ${name} set default_transaction_read_only = ${isSo ? 'on' : 'off'}`)
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and usename like 'qianyun%'`,
    )
  } finally {
    client.release(true)
  }
}
