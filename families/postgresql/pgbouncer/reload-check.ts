import { randomUUID } from 'node:crypto'
import { changeFile } from '../../../runner/ssh/replace-file.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { Console } from './admin.ts'
import { entrySettings, putEntry, readEntry, removeEntry, setInEntry } from './databases-file.ts'
import { shortDigest } from '../short-name.ts'
import { EntryUnknownError, ReloadChangesMoreError, ReloadIgnoredError } from './errors.ts'
import type { Pooler } from './pooler.ts'
import type { ProcessLook } from './process-console.ts'

const unset = 'unset'

/**
 * Proves that every process of pgbouncer applies this line of this file at a RELOAD, by a temporary entry and by a pool size of the entry
 * that is one larger for a moment. pgbouncer answers a RELOAD with success even if it could not read its configuration, if the file is
 * not part of it, or if a later line overrides this one; then it keeps the old target.
 * @throws ReloadIgnoredError, ReloadChangesMoreError
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
  const settings = await console.keptSettings()
  let took = 0
  await changeFile(host, file, (content) => withCheck(withoutCheck(content, entry), entry, { id, poolSize }))
  try {
    await console.reloadBesideClients()
    took = await tookOver(console, entry, { id, poolSize })
  } finally {
    await changeFile(host, file, (content) => withoutCheck(content, entry))
    await console.reloadBesideClients()
  }
  await assertNothingElse(settings, { file, name: entry }, { took, of: looks.length })
}

/**
 * Has every process take its files anew. A pgbouncer that cannot read a line sets what it has not read to its defaults
 * (https://github.com/pgbouncer/pgbouncer/issues/1482): then it gets back what it had.
 * @param isTaken whether a process shows what the file has now; it is given undefined if the process does not know the entry
 * @throws ReloadIgnoredError, ReloadChangesMoreError
 */
export async function reloadOrPutBack(
  console: Console,
  entry: Pick<Pooler, 'file' | 'name'>,
  isTaken: (look: ProcessLook | undefined) => boolean,
  { clientsWait = false }: { readonly clientsWait?: boolean } = {},
): Promise<void> {
  const settings = await console.keptSettings()
  await (clientsWait ? console.reload() : console.reloadBesideClients())
  const looks = await console.looks(entry.name).catch((error: unknown) => {
    if (error instanceof EntryUnknownError) return Array.from({ length: console.processes }, () => undefined)
    throw error
  })
  await assertNothingElse(settings, entry, { took: looks.filter(isTaken).length, of: looks.length })
}

async function assertNothingElse(
  settings: Awaited<ReturnType<Console['keptSettings']>>,
  { file, name }: Pick<Pooler, 'file' | 'name'>,
  processes: { readonly took: number; readonly of: number },
): Promise<void> {
  const changed = await settings.putBack()
  if (changed.length > 0) throw new ReloadChangesMoreError(file, name, changed)
  if (processes.took < processes.of) throw new ReloadIgnoredError(file, name, processes.took, processes.of)
}

interface Check {
  readonly id: string
  readonly poolSize: number
}

/** Each entry has a check of its own: two entries of one file may be checked at the same time. */
function checkOf(entry: string): string {
  return `qianyun_reload_check_${shortDigest(entry)}`
}

/** The previous pool size is kept in the temporary entry, so that a run after a killed one can restore it. */
function withCheck(content: string, entry: string, { id, poolSize }: Check): string {
  const had = entrySettings(content, entry)?.['pool_size'] ?? unset
  const changed = setInEntry(content, entry, { pool_size: String(poolSize) }) ?? content
  return putEntry(changed, checkOf(entry), { host: '127.0.0.1', port: 1, database: `check_${id}_${had}` })
}

/** The file without the check of any run. */
function withoutCheck(content: string, entry: string): string {
  const had = readEntry(content, checkOf(entry))?.database.split('_').at(-1)
  if (had === undefined) return content
  const restored = setInEntry(content, entry, { pool_size: had === unset ? undefined : had })
  return removeEntry(restored ?? content, checkOf(entry))
}

/** The number of processes that show both the temporary entry and the changed pool size. */
async function tookOver(console: Console, entry: string, { id, poolSize }: Check): Promise<number> {
  const own = await console.looks(entry)
  try {
    const checks = await console.looks(checkOf(entry))
    return checks.filter(
      ({ database }, at) => database.startsWith(`check_${id}_`) && own[at]?.poolSize === poolSize,
    ).length
  } catch (error) {
    if (error instanceof EntryUnknownError) return 0
    throw error
  }
}
