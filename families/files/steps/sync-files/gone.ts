import { createHash } from 'node:crypto'
import type { Said } from '../../../../domain/words/message.ts'
import { inForeignWords, said } from '../../../../domain/words/said.ts'
import { CommandFailedError } from '../../../../runner/ssh/errors.ts'
import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort, StepContext } from '../../../../runner/steps/kind.ts'
import { ManyGoneError } from './errors.ts'
import type { SyncFilesParams } from './params.ts'

/** Entries that were at both ends once and are no longer at `from`: kind, size, time and name of each, for the other end alone. */
export interface Gone {
  readonly count: number
  /** Base64 of the records. The names are data of a host: nothing of them is read here. */
  readonly records: string
}

/** What was done about them at `to`. */
export interface SetAside {
  readonly moved: number
  /** Changed at `to` since they came, so they stay. */
  readonly left: number
  /** The folder that holds them, on the host of `to`. */
  readonly place: string
}

type Context = Pick<StepContext, 'host' | 'signal'>

const recordsLimitBytes = 67_108_864
/** Of fewer entries even all may go at once. */
const fewEntries = 100

const entries = `find . -mindepth 1 \\( -type f -o -type l -o -type d \\) -printf '%y %s %T@ %p\\0'`

/**
 * What was carried between two folders is on record at either end, by its own folder and the other end: beside `entries` stands the `path`, by
 * which the wipe of that folder takes the names along.
 */
export function recordOf(
  own: SyncFilesParams['from'],
  other: SyncFilesParams['from'],
  { host }: Pick<Context, 'host'>,
): string {
  const key = [own.path, host(other.host).address, other.path].join('\0')
  return `$HOME/.qianyun/carried/${createHash('sha256').update(key).digest('hex')}/entries`
}

/**
 * Entries that have been removed at `from` since they were carried to `to`, by the record of what was carried. What was never carried is
 * not among them, so files that `to` has of its own stay. @throws ManyGoneError where most are gone, as below a disk that is not mounted
 */
export async function goneAt(params: SyncFilesParams, context: Context): Promise<Gone> {
  const { from, to } = params
  const host = context.host(from.host)
  const { stdout } = await host.run(
    `set -e
export LC_ALL=C
record="${recordOf(from, to, context)}"
[ -s "$record" ] || { echo 0 0; exit 0; }
cd ${quote(from.path)}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
${entries} >"$work/now"
sort -z "$record" "$work/now" "$work/now" | uniq -zu |
  xargs -0 -r sh -c 'for each; do name=\${each#* * * }; [ -e "$name" ] || [ -L "$name" ] || printf "%s\\0" "$each"; done; true' sh >"$work/gone"
echo "$(tr -dc '\\0' <"$work/gone" | wc -c) $(tr -dc '\\0' <"$record" | wc -c)"
base64 <"$work/gone"`,
    { signal: context.signal, maxOutputBytes: recordsLimitBytes },
  )
  const [figures = '', ...records] = stdout.split('\n')
  const [count = 0, carried = 0] = figures.split(' ').map(Number)
  if (count > fewEntries && count > carried / 2)
    throw new ManyGoneError(host.name, from.path, context.host(to.host).name, to.path, count, carried)
  return { count, records: records.join('\n') }
}

/**
 * Moves entries out of the folder at `to`, into one that the removal of the data takes along: nothing is deleted. One that was changed at `to`
 * stays, and so does whatever a name leads to outside the folder.
 */
export async function setAside(
  { to }: SyncFilesParams,
  { records }: Gone,
  context: Context & Pick<StepContext, 'runId' | 'stepId'>,
): Promise<SetAside> {
  const saved = `.qianyun/before/${[context.runId, context.stepId].map(encodeURIComponent).join('/')}`
  const { stdout } = await context.host(to.host).run(
    `set -e
export LC_ALL=C
cd ${quote(to.path)}
here=$(pwd -P)
saved="$HOME/"${quote(saved)}
(umask 077; mkdir -p -- "$saved/content"; printf %s "$here" >"$saved/path")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
# What is below a folder comes before it.
base64 -d | sort -zr -t ' ' -k 4 >"$work/gone"
saved="$saved" here="$here" xargs -0 -r sh -c '
for each; do (
  kind=\${each%% *} rest=\${each#* } size=\${rest%% *} rest=\${rest#* } time=\${rest%% *} name=\${rest#* }
  case "$name/" in ./?*) ;; *) exit 0 ;; esac
  case "$name/" in */../*) exit 0 ;; esac
  # From within its folder: what that is cannot be changed for another one meanwhile.
  cd -P -- "\${name%/*}" 2>/dev/null || exit 0
  case "$(pwd -P)/" in "$here"/*) ;; *) exit 0 ;; esac
  one="./\${name##*/}" aside="$saved/content/\${name#./}"
  [ -e "$one" ] || [ -L "$one" ] || exit 0
  if [ "$kind" = d ]; then
    [ ! -L "$one" ] && mkdir -p -- "$aside" && rmdir -- "$one" 2>/dev/null
    exit 0
  fi
  [ "$(stat -c "%s %Y" -- "$one")" = "$size \${time%%.*}" ] || exit 0
  mkdir -p -- "\${aside%/*}"
  while [ -e "$aside" ] || [ -L "$aside" ]; do aside="$aside.again"; done
  if mv -- "$one" "$aside"; then echo moved; fi
); done' sh <"$work/gone" >"$work/moved"
xargs -0 -r sh -c 'for each; do name=\${each#* * * }; if [ -L "$name" ] || { [ -e "$name" ] && [ ! -d "$name" ]; }; then printf "%s\\0" "$name"; fi; done' sh <"$work/gone" |
  sort -zu >"$work/left"
sync
printf '%s\\n' "$saved" "$(wc -l <"$work/moved")" "$(tr -dc '\\0' <"$work/left" | wc -c)"`,
    { signal: context.signal, stdin: records },
  )
  const [place = '', moved, left] = stdout.split('\n')
  return { place, moved: Number(moved), left: Number(left) }
}

/**
 * Puts on record at either end what both have now. `anew` forgets what has gone since; without it that stays on record until somebody asks for
 * it. A host that keeps no record (without a home, or without the tools) is no reason to end a step: a word for each.
 */
export async function rememberCarried(
  { from, to }: SyncFilesParams,
  anew: boolean,
  context: Context,
): Promise<readonly Said[]> {
  const ends = [
    [from, to],
    [to, from],
  ] as const
  const told = await Promise.all(
    ends.map(async ([own, other]) => {
      const host = context.host(own.host)
      return orTold(host, remember(host, own.path, recordOf(own, other, context), anew, context.signal))
    }),
  )
  return told.flatMap((one) => one ?? [])
}

/** The same, or why there is none. @throws what is no failure of a command on the host */
export async function orTold<T>(host: Pick<HostPort, 'name'>, work: Promise<T>): Promise<T | Said> {
  return work.catch((error: unknown) => {
    if (!(error instanceof CommandFailedError)) throw error
    const because = inForeignWords((error.stderr.trim().split('\n').at(-1) ?? '').slice(0, 200))
    return said('not-compared-record', { host: host.name, because })
  })
}

async function remember(
  host: HostPort,
  path: string,
  record: string,
  anew: boolean,
  signal: AbortSignal,
): Promise<void> {
  await host.run(
    `set -e
export LC_ALL=C
umask 077
record="${record}"
mkdir -p -- "\${record%/*}"
[ -e "$record" ] || : >"$record"
new="$record.$$"
trap 'rm -f -- "$new"' EXIT
trap 'exit 74' HUP INT PIPE TERM
cd ${quote(path)}
pwd -P | tr -d '\\n' >"\${record%/*}/path"
${anew ? entries : `{ cat "$record"; ${entries}; } | sort -zu`} >"$new"
mv -- "$new" "$record"`,
    { signal },
  )
}
