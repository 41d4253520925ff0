import type { Session } from '../server/session.ts'

const opened = 'qianyun_opened'

/**
 * Opens a snapshot of everything at one transaction of the log, while others go on writing.
 * @returns the position: who has the snapshot and follows from there has everything
 */
export async function openSnapshot(session: Session): Promise<string> {
  await session.run('START TRANSACTION WITH CONSISTENT SNAPSHOT')
  await session.run(`SAVEPOINT ${opened}`)
  const status = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW STATUS LIKE 'binlog_snapshot_%'`,
  )
  const of = (variable: string): string =>
    status.find(({ Variable_name }) => Variable_name.toLowerCase() === variable)?.Value ?? ''
  const file = of('binlog_snapshot_file')
  const at = Number(of('binlog_snapshot_position'))
  if (!/^[^'\\]{1,512}$/.test(file) || !Number.isSafeInteger(at))
    throw new RangeError(`the server gave no place in its log: "${file}" ${String(at)}`)
  const { position } = await session.row<{ position: string | null }>(
    `SELECT BINLOG_GTID_POS('${file}', ${String(at)}) AS position`,
  )
  return position ?? ''
}

/**
 * Lets go of the definitions of the tables that were read, which nobody could change meanwhile: whoever tried would wait, and everybody after
 * them. The snapshot stays.
 */
export async function releaseTables(session: Session): Promise<void> {
  await session.run(`ROLLBACK TO SAVEPOINT ${opened}`)
}
