import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import type { SyncFilesParams } from './params.ts'

/** `nameOf passwd 1001` prints the name that a number has on the host, or nothing. */
const nameOf = `nameOf() {
  { getent "$1" "$2" || awk -F : -v id="$2" '$3 == id { print; exit }' "/etc/$1"; } 2>/dev/null | head -n 1 | cut -d : -f 1
}
`
const line = /^(passwd|group) (\d+) (.*)$/

/**
 * Owners and groups of a tree whose number has another name at `to` than at `from`, or a name on one side only: a line each,
 * `uid 1001: app → backup`. Numbers without a name on both sides are the same there.
 */
export async function otherOwners(
  { from, to }: SyncFilesParams,
  { host, signal }: { readonly host: (name: string) => HostPort; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const old = await host(from.host).run(
    `${nameOf}cd ${quote(from.path)} && find . -printf 'passwd %U\\ngroup %G\\n' | sort -u | while read -r base id; do
  printf '%s %s %s\\n' "$base" "$id" "$(nameOf "$base" "$id")"
done`,
    { signal },
  )
  const numbers = parsed(old.stdout)
  const asked = [...numbers.keys()].join('\n')
  const other = await host(to.host).run(
    `${nameOf}while read -r base id; do printf '%s %s %s\\n' "$base" "$id" "$(nameOf "$base" "$id")"; done`,
    { signal, stdin: `${asked}\n` },
  )
  const there = parsed(other.stdout)
  return [...numbers].flatMap(([key, name]) => {
    const named = there.get(key) ?? ''
    if (name === named) return []
    const [base, id = ''] = key.split(' ')
    return [`${base === 'group' ? 'gid' : 'uid'} ${id}: ${name || '-'} → ${named || '-'}`]
  })
}

/** Names by base and number. */
function parsed(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((one) => {
      const [, base, id, name = ''] = line.exec(one) ?? []
      return base === undefined || id === undefined ? [] : [[`${base} ${id}`, name] as const]
    }),
  )
}
