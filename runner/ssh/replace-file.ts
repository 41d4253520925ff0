import { createHash } from 'node:crypto'
import type { HostPort } from '../steps/kind.ts'
import { CommandFailedError, FileChangedError, NotAFileError } from './errors.ts'
import { textOf } from './file-text.ts'
import { quote } from './quote.ts'
import { asRoot } from './root.ts'

/** How a file is replaced. */
export interface Replacement {
  /** Octal. Default: an existing file keeps its mode, a new one gets 0644. */
  readonly mode?: string
  /** Digest of the content that the new content is based on (`digestOf`); a file with another digest is not replaced. */
  readonly expected?: string
  /** Shell check of the draft in `"$new"`; if it fails, the file is not replaced. */
  readonly check?: string
  /** Shell check of the new file in its place; if it fails, the old file is restored. */
  readonly checkInPlace?: string
  /** Whether a login user other than root uses sudo. */
  readonly withSudo?: boolean
  readonly signal?: AbortSignal
}

/** The value of `Replacement.expected` for a file that must not exist. */
export const noFile = 'no file'

const changedExit = 75
const notAFileExit = 73
const changeAttempts = 5

/** SHA-256 in hex. */
export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Replaces a whole file on a host, or leaves it unchanged: a synced draft beside it takes its place by rename. The new file keeps
 * owner, group, mode and security context. A symbolic link is followed, not replaced.
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
 * Reads a file, changes it and replaces it; if somebody changes it in between, reads it again. Bytes that `change` does not touch
 * stay the same, in any encoding.
 * @throws what `change` throws, FileChangedError if the file changes at every attempt, NotAFileError, CommandFailedError
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
 * Shell that writes a draft of `sizeBytes` from its standard input. It sets `$path`, with links resolved, and `$new`. The size is
 * compared because a lost connection looks like the end of the input. The name of the draft begins with a dot, so servers that read
 * all files of a folder skip it. Without the second trap a shell that lost its connection would die of SIGPIPE and leave the draft.
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
 * Shell functions that move a draft into place, unless the file has another digest than the given one (empty: any digest). The
 * folder is locked meanwhile against other callers of these functions.
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
