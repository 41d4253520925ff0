import { createHash } from 'node:crypto'
import type { HostPort } from '../steps/kind.ts'
import { CommandFailedError, FileChangedError, NotAFileError } from './errors.ts'
import { textOf } from './file-text.ts'
import { quote } from './quote.ts'
import { asRoot } from './root.ts'

/** How a file is replaced. */
export interface Replacement {
  /** Octal. Where absent a file keeps its own, and a new one gets 0644. */
  readonly mode?: string
  /** What the new content was made from (`digestOf`): a file that holds something else by now is left alone. */
  readonly expected?: string
  /** Shell that refuses the new content, which lies in `"$new"`, before it takes the file's place. */
  readonly check?: string
  /** Shell that refuses the new content once it lies in its place: the old file is put back then. */
  readonly checkInPlace?: string
  /** By sudo where the login user is not root. */
  readonly withSudo?: boolean
  readonly signal?: AbortSignal
}

/** What `Replacement.expected` says of a file that is not to be there. */
export const noFile = 'no file'

const changedExit = 75
const notAFileExit = 73
const changeAttempts = 5

/** SHA-256 in hex. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Replaces a file on a host whole, or leaves it as it was: a draft beside it, synced, takes its place by rename. Owner,
 * group, mode and security context stay those of the file replaced. A link is followed, not replaced.
 * @throws FileChangedError, NotAFileError, CommandFailedError
 */
export async function replaceFile(
  host: HostPort,
  path: string,
  content: string | Buffer,
  replacement: Replacement = {},
): Promise<void> {
  const { withSudo = false, signal } = replacement
  const script = [
    draftScript(path, Buffer.byteLength(content), replacement),
    replacement.check ?? '',
    placeFunctions,
    replacement.checkInPlace === undefined
      ? `place "$path" "$new" ${quote(replacement.expected ?? '')}`
      : `place_checked "$path" "$new" ${quote(replacement.expected ?? '')} ${quote(replacement.checkInPlace)}`,
  ].join('\n')
  try {
    await host.run(asRoot(script, !withSudo), { stdin: content, ...(signal && { signal }) })
  } catch (error) {
    throw named(error, host.name, path)
  }
}

/**
 * Reads a file, changes it, and replaces it; where somebody else has changed it in between, reads it anew. What `change`
 * leaves alone stays as it is, byte for byte, in whatever encoding.
 * @throws what `change` throws, FileChangedError when it never holds still, NotAFileError, CommandFailedError
 */
export async function changeFile(
  host: HostPort,
  path: string,
  change: (text: string) => string,
): Promise<'changed' | 'already so'> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await host.readFile(path)
    const { text, encoding } = textOf(found)
    const wanted = change(text)
    if (wanted === text) return 'already so'
    try {
      await replaceFile(host, path, Buffer.from(wanted, encoding), { expected: digestOf(found) })
      return 'changed'
    } catch (error) {
      if (!(error instanceof FileChangedError) || attempt >= changeAttempts) throw error
    }
  }
}

/**
 * Shell that makes a draft of `sizeBytes` from its standard input: leaves `$path`, links followed, and `$new`. The size is
 * compared because a connection that breaks looks like the end of the input. The draft's name begins with a dot: servers
 * that read all files of a folder leave it out. Without the second trap a shell whose connection broke would die of SIGPIPE
 * at its next word, the draft left behind.
 */
export function draftScript(
  path: string,
  sizeBytes: number,
  { mode }: Pick<Replacement, 'mode'> = {},
): string {
  return `set -e
path=${quote(path)}
umask 077
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
if [ -L "$path" ]; then path=$(readlink -f -- "$path"); fi
if [ -e "$path" ] && [ ! -f "$path" ]; then exit ${notAFileExit}; fi
new=$(mktemp "\${path%/*}/.qianyun.XXXXXX")
trap 'rm -f -- "$new"' EXIT
trap 'exit 74' HUP INT PIPE TERM
head -c ${sizeBytes} >"$new"
[ "$(wc -c <"$new")" -eq ${sizeBytes} ] || { echo "only part of the content arrived" >&2; exit 74; }
if [ -e "$path" ]; then
  cp -a --no-preserve=timestamps --attributes-only -- "$path" "$new" 2>/dev/null || chmod "$(stat -c %a -- "$path")" "$new"
  owner=$(stat -c %u:%g -- "$path")
  [ "$(stat -c %u:%g -- "$new")" = "$owner" ] || chown "$owner" "$new" 2>/dev/null ||
    { echo "$path belongs to $owner, which $(id -un) cannot give it again" >&2; exit 77; }
else
  chmod 644 "$new"
fi
${mode === undefined ? ':' : `chmod ${quote(mode)} "$new"`}
sync "$new" 2>/dev/null || sync`
}

/**
 * Shell functions that put a draft in place, unless the file no longer has the digest given (empty: whatever it holds).
 * The folder is locked meanwhile, so that nobody who also does it this way comes in between.
 */
export const placeFunctions = `locked() {
  [ -r "\${1%/*}/" ] && command -v flock >/dev/null 2>&1 || return 0
  exec 9<"\${1%/*}/"
  flock 9
}
unchanged() {
  case $2 in
    '') ;;
    '${noFile}') [ ! -e "$1" ] ;;
    *) [ -e "$1" ] && [ "$(sha256sum <"$1")" = "$2  -" ] ;;
  esac || return ${changedExit}
}
place() (
  locked "$1"
  unchanged "$1" "$3" || exit
  mv -f -- "$2" "$1"
)
place_checked() (
  locked "$1"
  unchanged "$1" "$3" || exit
  old=$(mktemp "\${1%/*}/.qianyun.XXXXXX")
  cp -a -- "$1" "$old"
  mv -f -- "$2" "$1"
  if (eval "$4"); then rm -f -- "$old"; else mv -f -- "$old" "$1"; exit 1; fi
)`

function named(error: unknown, host: string, path: string): unknown {
  if (!(error instanceof CommandFailedError)) return error
  if (error.exitCode === changedExit) return new FileChangedError(host, path)
  if (error.exitCode === notAFileExit) return new NotAFileError(host, path)
  return error
}
