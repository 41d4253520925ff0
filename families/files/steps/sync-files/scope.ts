import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import type { SyncFilesParams } from './params.ts'

/** Clocks of a host and of the file server behind it may differ by so much. */
const marginSeconds = 90

/** Notes beside the record of what was carried: when a step that looks at the whole folder began, and when the last one that ended well did. */
const began = 'began'
const asOf = 'as-of'

/** Notes at `from` that a step begins to look at the whole folder. `record` is the shell word of its record. A host that keeps none is left as it is. */
export async function noteBeginning(host: HostPort, record: string, signal: AbortSignal): Promise<void> {
  await host.run(
    `record="${record}"
(umask 077; mkdir -p -- "\${record%/*}" && touch -d "@$(($(date +%s) - ${marginSeconds}))" -- "\${record%/*}/${began}") 2>/dev/null || true`,
    { signal },
  )
}

/** Notes that it has carried all of it: from then on, what has changed since it began is the rest. */
export async function noteCarried(host: HostPort, record: string, signal: AbortSignal): Promise<void> {
  await host.run(
    `record="${record}"; mv -f -- "\${record%/*}/${began}" "\${record%/*}/${asOf}" 2>/dev/null || true`,
    { signal },
  )
}

/**
 * Shell that makes `"$@"` the options by which rsync finds its entries: all of the folder, or, by name, what has changed since the whole of it was
 * carried. A change of an entry moves its status time, also by a rename or another mode. What lies in a folder that was moved has none of its
 * own, so all of a folder is taken whose name is not on record, or whose status alone has changed. Of these entries the content is compared as
 * well: what was changed and given its old time again has another status time, and to rsync's quick look it is the same.
 */
export function scopeScript({ from, scope }: SyncFilesParams, record: string): string {
  if (scope === 'all') return 'set -- -r'
  return `set -- -r
record="${record}"
since="\${record%/*}/${asOf}"
work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
if [ -e "$since" ] && (
  set -e
  export LC_ALL=C
  cd ${quote(from.path)}
  sed -z -n 's/^d [0-9]* [0-9.-]* //p' "$record" | sort -z >"$work/known"
  find . -mindepth 1 -type d -cnewer "$since" -print0 | sort -z >"$work/folders"
  comm -z -23 "$work/folders" "$work/known" >"$work/whole"
  find . -mindepth 1 -type d -cnewer "$since" ! -newer "$since" -print0 >>"$work/whole"
  {
    find . -mindepth 1 -cnewer "$since" -print0
    xargs -0 -r sh -c 'find "$@" -print0' sh <"$work/whole"
  } | sort -zu >"$work/changed"
) 2>/dev/null; then set -- -d -R -c --from0 --files-from="$work/changed"; fi`
}
