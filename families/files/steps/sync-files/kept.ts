import { createHash } from 'node:crypto'
import { quote } from '../../../../runner/ssh/quote.ts'

/**
 * Shell that makes the folders in which the host keeps what a pass into `path` would lose, outside of the tree. `$parts` takes what has come of a
 * file when a pass ends early, and the next pass goes on from there. `$first`, for passes that nobody waits for, takes each file as it was before
 * the first of them replaced it: the old side is kept as it was left. The wipe of the tree finds both by the `path` beside them. A host that
 * keeps no parts begins such a file again; one that keeps no originals takes no pass.
 */
export function keepingScript(path: string, unattended: boolean): string {
  const name = createHash('sha256').update(path).digest('hex')
  const make = (variable: string, kind: string) =>
    `${variable}="$HOME/.qianyun/before/${kind}/${name}"
(umask 077; mkdir -p -- "$${variable}/content" && readlink -f -- ${quote(path)} | tr -d '\\n' >"$${variable}/path") 2>/dev/null`
  const parts = `${make('parts', 'parts')} || parts=`
  if (!unattended) return parts
  return `${parts}
${make('first', 'first')} ||
  { echo "rsync: [receiver] mkdir \\"$first\\" failed: Permission denied (13)" >&2; exit 13; }
# What the pass before has replaced joins the others, unless there is an earlier one of it.
if [ -d "$first/new" ]; then
  rsync -a --ignore-existing -- "$first/new/" "$first/content/" </dev/null >/dev/null && rm -rf -- "$first/new" || exit 23
fi`
}

/** The options of rsync for what {@link keepingScript} has made. */
export function keepingOptions(unattended: boolean): string {
  const originals = '--backup --backup-dir="$first/new"'
  return `\${parts:+--partial-dir="$parts/content"}${unattended ? ` ${originals}` : ''}`
}
