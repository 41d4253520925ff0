import { quote } from '../../../runner/ssh/quote.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { DatabaseServedError } from '../errors.ts'
import { NotGivenUpError } from './errors.ts'

/** Where the dump of a database that is given up lies. */
export interface KeptDump {
  readonly host: string
  readonly path: string
}

/** What a database was given up by, for the record. */
export interface GivenUp {
  readonly dump: string
  readonly by: readonly string[]
}

/**
 * Makes sure that a database that served may be given up: a dump of it, made since it was opened, lies where the playbook says, and two
 * people have each closed a task of this move with the SHA-256 of that very dump, as evidence or in their note.
 * @throws NotGivenUpError
 */
export async function assertGivenUp(
  { host, path }: KeptDump,
  served: DatabaseServedError,
  context: Pick<StepContext, 'host' | 'closedTasks' | 'signal'>,
): Promise<GivenUp> {
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
