import type { DatabasePort } from '../database.ts'
import type { GoesOn, Pair } from '../entry/entry.ts'
import { place } from '../place.ts'
import type { Console } from './admin.ts'
import { writeEntries } from './entry-file.ts'
import { entryLine } from './entry-line.ts'
import { EntryPointsElsewhereError } from './errors.ts'
import type { Pooler, PoolerAtRest } from './pooler.ts'
import { sameTarget, targetOf } from './target.ts'

/**
 * Points the entry at the side that serves and resumes its clients; `goesOn` is called as soon as they are resumed. If pgbouncer already
 * points there, clients are resumed before the file is corrected.
 * @throws EntryPointsElsewhereError, and what `entryLine` throws
 */
export async function settleEntry(
  pooler: PoolerAtRest & Partial<Pick<Pooler, 'host' | 'file'>>,
  console: Console,
  { pair, serving }: { readonly pair: Pair; readonly serving: DatabasePort },
  goesOn: GoesOn,
): Promise<void> {
  const { name, host, file } = pooler
  const running = await console.look(name)
  const there = sameTarget(running, targetOf(serving))
  if (there) {
    await console.resume(name)
    await goesOn(running.paused)
  }
  if (host !== undefined && file !== undefined) await settleFile({ name, host, file }, pair, serving)
  else if (!there)
    throw new EntryPointsElsewhereError(name, place({ ...running, address: running.host }), place(serving))
  if (there) return
  await console.reload()
  await console.resume(name)
  await goesOn(running.paused)
}

/** Corrects the file, which pgbouncer reads when it comes back. @throws EntryPointsElsewhereError, and what `entryLine` throws */
export async function settleFile(
  { name, host, file }: Pick<Pooler, 'name' | 'host' | 'file'>,
  { from, to }: Pair,
  serving: DatabasePort,
): Promise<void> {
  const found = await entryLine(host, file, name, targetOf(serving))
  if (![from, to].some((side) => sameTarget(found, targetOf(side))))
    throw new EntryPointsElsewhereError(name, place({ ...found, address: found.host }), place(serving))
  await writeEntries(host, file, [{ name, target: targetOf(serving) }])
}
