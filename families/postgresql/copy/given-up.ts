import { quote } from '../../../runner/ssh/quote.ts'
import type { GivenUp, KeptDump } from '../../../domain/move/giving-up.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import { NotGivenUpError } from './errors.ts'

/** What a database was given up by, for the record. */
export type GaveUp = Pick<GivenUp, 'dump' | 'by'>

/** What is asked as a database is given up: the host of its dump, and the tasks that people have closed. */
export type GivingUp = Pick<StepContext, 'host' | 'closedTasks' | 'signal'>

/**
 * Makes sure that a database that served may be given up: a dump of it, made since it was opened, lies where the playbook says, and two
 * people have each closed a task of this move with the SHA-256 of that very dump, as evidence or in their note.
 * @throws NotGivenUpError
 */
export async function assertGivenUp(
  { host, path }: KeptDump,
  served: { readonly database: string; readonly openedAt: string },
  context: GivingUp,
): Promise<GaveUp> {
  const { stdout } = await context.host(host).run(script(path), { signal: context.signal })
  const [digest = '', madeAt = '', beginning = ''] = stdout.split('\n')
  const refuse = (found: string, by: readonly string[] = []) =>
    new NotGivenUpError({
      database: served.database,
      dump: `${host}:${path}`,
      found,
      ...(digest !== '' && { digest }),
      by,
    })
  if (!/^[0-9a-f]{64}$/.test(digest)) throw refuse('unreadable')
  if (beginning !== 'dump') throw refuse('no-dump')
  if (Number(madeAt) * 1_000 < Date.parse(served.openedAt)) throw refuse('older')
  const agreed = (await context.closedTasks()).flatMap(({ completedBy, note = '', evidence }) =>
    completedBy !== undefined && (note.includes(digest) || evidence.some((one) => one.digest === digest))
      ? [completedBy.account]
      : [],
  )
  const by = [...new Set(agreed)].toSorted()
  if (by.length < 2) throw refuse('not-agreed', by)
  return { dump: digest, by }
}

/** The custom format of pg_dump begins with its name, the plain one says what it is in its first lines. */
function script(path: string): string {
  return `dump=${quote(path)}
[ -f "$dump" ] && [ -r "$dump" ] || exit 0
sha256sum <"$dump" | cut -d ' ' -f 1
stat -c %Y -- "$dump"
if [ "$(head -c 5 -- "$dump" | tr -d '\\0')" = PGDMP ] || head -c 400 -- "$dump" | grep -aqE 'PostgreSQL database (cluster )?dump'; then
  echo dump; fi`
}
