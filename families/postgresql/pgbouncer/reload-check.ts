import { randomUUID } from 'node:crypto'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { Console } from './admin.ts'
import { entrySettings, putEntry, readEntry, removeEntry, setInEntry } from './databases-file.ts'
import { EntryUnknownError, ReloadIgnoredError } from './errors.ts'

const checkEntry = 'qianyun_reload_check'
const unset = 'unset'

/**
 * Proves that every process of pgbouncer applies this line of this file at a RELOAD, by a temporary entry and by a pool size of the entry
 * that is one larger for a moment. pgbouncer answers a RELOAD with success even if it could not read its configuration, if the file is
 * not part of it, or if a later line overrides this one; then it keeps the old target.
 * @throws ReloadIgnoredError
 */
export async function assertReloads(
  host: HostPort,
  file: string,
  console: Console,
  entry: string,
): Promise<void> {
  const looks = await console.looks(entry)
  const poolSize = Math.max(...looks.map((one) => one.poolSize)) + 1
  const id = randomUUID()
  await changeFile(host, file, (content) => withCheck(withoutCheck(content, entry), entry, { id, poolSize }))
  try {
    await console.reload()
    const took = await tookOver(console, entry, { id, poolSize })
    if (took < looks.length) throw new ReloadIgnoredError(file, entry, took, looks.length)
  } finally {
    await changeFile(host, file, (content) => withoutCheck(content, entry))
    await console.reload()
  }
}

interface Check {
  readonly id: string
  readonly poolSize: number
}

/** The previous pool size is kept in the temporary entry, so that a run after a killed one can restore it. */
function withCheck(content: string, entry: string, { id, poolSize }: Check): string {
  const had = entrySettings(content, entry)?.['pool_size'] ?? unset
  const changed = setInEntry(content, entry, { pool_size: String(poolSize) }) ?? content
  return putEntry(changed, checkEntry, { host: '127.0.0.1', port: 1, database: `check_${id}_${had}` })
}

/** The file without the check of any run. */
function withoutCheck(content: string, entry: string): string {
  const had = readEntry(content, checkEntry)?.database.split('_').at(-1)
  if (had === undefined) return content
  const restored = setInEntry(content, entry, { pool_size: had === unset ? undefined : had })
  return removeEntry(restored ?? content, checkEntry)
}

/** The number of processes that show both the temporary entry and the changed pool size. */
async function tookOver(console: Console, entry: string, { id, poolSize }: Check): Promise<number> {
  const own = await console.looks(entry)
  try {
    const checks = await console.looks(checkEntry)
    return checks.filter(
      ({ database }, at) => database.startsWith(`check_${id}_`) && own[at]?.poolSize === poolSize,
    ).length
  } catch (error) {
    if (error instanceof EntryUnknownError) return 0
    throw error
  }
}
