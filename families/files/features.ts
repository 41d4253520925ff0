import { quote } from '../../runner/ssh/quote.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import { linksOutScript } from './steps/sync-files/survey.ts'

/** Features of a tree that a copy may lack, or may have in another form. */
export const features = [
  'acls',
  'xattrs',
  'capabilities',
  'holes',
  'devices',
  'channels',
  'hard-links-out',
  'links-out',
  'odd-names',
  'databases',
  'file-systems',
  'unreadable',
] as const
export type Feature = (typeof features)[number]

/** The number of entries, and the first of them. */
export interface Occurrences {
  readonly count: number
  readonly some: readonly string[]
}

export interface TreeFeatures {
  readonly found: Readonly<Partial<Record<Feature, Occurrences>>>
  /** Features that this host has no tools to detect. */
  readonly unknown: readonly Feature[]
}

const lookTimeoutMs = 1_800_000

/** Searches a tree; of content only how a file begins that may be a database. Names are cut and made printable by the host. @throws CommandFailedError */
export async function featuresOf(host: HostPort, path: string): Promise<TreeFeatures> {
  const { stdout } = await host.run(script(path), { timeoutMs: lookTimeoutMs })
  const found: Partial<Record<Feature, Occurrences>> = {}
  const unknown: Feature[] = []
  for (const section of stdout.split('@@').slice(1)) {
    const [name = '', count = '', ...some] = section.split('\n')
    const feature = features.find((one) => one === name)
    if (feature === undefined) continue
    if (count === 'unknown') unknown.push(feature)
    else if (Number(count) > 0)
      found[feature] = { count: Number(count), some: some.filter((one) => one !== '') }
  }
  return { found, unknown }
}

/** Attributes of every entry, a line each: the attribute, a tab, the name. Python knows them all; the tools are not everywhere. */
const attributesByPython = `
import os
def look(path):
    try:
        for name in os.listxattr(path, follow_symlinks=False):
            os.write(1, name.encode() + b'\\t' + path.replace(b'\\n', b'?') + b'\\n')
    except OSError:
        pass
look(b'.')
for folder, folders, names in os.walk(b'.'):
    for name in folders + names:
        look(os.path.join(folder, name))
`

/** Files of databases that an application keeps beside its uploads, by their names; those of SQLite by how they begin as well. */
const databases = `find . -type f \\( -name ibdata1 -o -name PG_VERSION -o -name 'MANIFEST-[0-9]*' -o -name data.mdb -o -name '*.mv.db' \\) -print 2>/dev/null |
  cut -c 3-202 >"$work/databases" || true
find . -type f -size +0 \\( -iname '*.db' -o -iname '*.db3' -o -iname '*.sdb' -o -iname '*.sqlite' -o -iname '*.sqlite3' \\) -print0 2>/dev/null |
  xargs -0 -r sh -c 'for file; do [ "$(head -c 15 -- "$file" | tr -d "\\0")" = "SQLite format 3" ] && printf "%s\\n" "$file"; done; true' sh 2>/dev/null |
  cut -c 3-202 >>"$work/databases" || true
echo @@databases
wc -l <"$work/databases"
head -n 5 "$work/databases"`

/** Every UTF-8 text, byte by byte: the host may know no locale but C. */
const utf8 = [
  '[\\x00-\\x7F]',
  '[\\xC2-\\xDF][\\x80-\\xBF]',
  '\\xE0[\\xA0-\\xBF][\\x80-\\xBF]',
  '[\\xE1-\\xEC\\xEE\\xEF][\\x80-\\xBF]{2}',
  '\\xED[\\x80-\\x9F][\\x80-\\xBF]',
  '\\xF0[\\x90-\\xBF][\\x80-\\xBF]{2}',
  '[\\xF1-\\xF3][\\x80-\\xBF]{3}',
  '\\xF4[\\x80-\\x8F][\\x80-\\xBF]{2}',
].join('|')

/** A file that has so much less room than its size has a hole; less is what small files and compression give. */
const holeBytes = 65_536

const byKind = `
function note(kind, name) { count[kind] += 1; if (count[kind] <= 5) some[kind] = some[kind] substr(name, 3, 200) "\\n" }
{ type = $1; device = $2; name = $7 }
type == "b" || type == "c" { note("devices", name) }
type == "s" || type == "p" { note("channels", name) }
type == "f" && $5 - $6 * 512 >= ${String(holeBytes)} { note("holes", name) }
type == "f" && $4 > 1 { id = device ":" $3; seen[id] += 1; links[id] = $4; if (!(id in first)) first[id] = name }
type == "d" {
  on[name] = device; parent = name; sub(/\\/[^\\/]*$/, "", parent)
  if (parent in on && on[parent] != device) note("file-systems", name)
}
END {
  for (id in seen) if (seen[id] < links[id]) note("hard-links-out", first[id])
  for (kind in count) printf "@@%s\\n%d\\n%s", kind, count[kind], some[kind]
}`

const byAttribute = `
function note(kind, name) {
  if ((kind, name) in seen) return
  seen[kind, name] = 1; count[kind] += 1
  if (count[kind] <= 5) some[kind] = some[kind] (name == "." ? "." : substr(name, 3, 200)) "\\n"
}
$1 ~ /^system\\.posix_acl_/ { note("acls", $2) }
$1 == "security.capability" { note("capabilities", $2) }
$1 ~ /^(user|trusted)\\./ { note("xattrs", $2) }
END { for (kind in count) printf "@@%s\\n%d\\n%s", kind, count[kind], some[kind] }`

function script(path: string): string {
  const printf = '%y\\t%D\\t%i\\t%n\\t%s\\t%b\\t%p\\0'
  return `set -e
export LC_ALL=C
cd ${quote(path)}
here=$(pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
find . -printf ${quote(printf)} 2>"$work/errors" >"$work/found" || true
tr '\\n\\0' '?\\n' <"$work/found" | awk -F '\\t' ${quote(byKind)}
find . -type f ! -readable -print 2>/dev/null | tr '\\n' '\\n' | cut -c 3-202 >"$work/unreadable" || true
sed -n 's/^find: .\\(\\.\\/\\)\\{0,1\\}\\(.*\\).: Permission denied$/\\2/p' "$work/errors" | cut -c 1-200 >>"$work/unreadable"
echo @@unreadable
wc -l <"$work/unreadable"
head -n 5 "$work/unreadable"
${linksOutScript}
echo @@links-out
wc -l <"$work/out"
head -n 5 "$work/out"
echo @@odd-names
if printf x | grep -zqaxP 'x'; then
  find . -print0 2>/dev/null | grep -zavxP ${quote(`(?:${utf8})*`)} | tr '\\n\\0' '?\\n' >"$work/odd" || true
  wc -l <"$work/odd"
  head -n 5 "$work/odd" | cut -c 3-202
else echo unknown; fi
${databases}
if command -v python3 >/dev/null 2>&1; then python3 -c ${quote(attributesByPython)} >"$work/attributes"
elif command -v getfattr >/dev/null 2>&1; then
  find . -print0 2>/dev/null | xargs -0 -r getfattr -h -m - --absolute-names -- 2>/dev/null |
    awk '/^# file: / { name = substr($0, 9); next } NF { print $0 "\\t" name }' >"$work/attributes"
else printf '@@%s\\nunknown\\n' acls xattrs capabilities; exit 0; fi
awk -F '\\t' ${quote(byAttribute)} "$work/attributes"`
}
