import { quote } from '../ssh/quote.ts'

/**
 * Shell that copies what is at a path to the folder `saved`: the path to `path`, the thing to `content`. An existing copy is kept,
 * because a later attempt would save what the first one has already changed. An incomplete copy is never kept.
 */
export function keepScript(path: string, saved: string, followLink: boolean): string {
  return `set -e
path=${quote(path)} saved=${quote(saved)}
[ -e "$saved" ] && exit 0
umask 077
${followLink ? 'path=$(readlink -f -- "$path")' : ':'}
rm -rf -- "$saved.new"
mkdir -p -- "$saved.new"
printf %s "$path" >"$saved.new/path"
cp -a -- "$path" "$saved.new/content"
sync
mv -- "$saved.new" "$saved"`
}

/**
 * Shell that restores the copy by rename. If the step removed the thing, the path must be empty; otherwise the copy replaces what is
 * there. Fails if the copy is missing, unless the path still holds the original thing (`identity`).
 */
export function putBackScript(path: string, saved: string, identity: string, wasRemoved: boolean): string {
  return `set -e
path=${quote(path)} saved=${quote(saved)}
if [ ! -e "$saved" ]; then
  [ "$(${identityOf('"$path"')})" = ${quote(identity)} ] && exit 0
  echo "$saved, the copy of what $path held before, is not there" >&2
  exit 1
fi
real=$(cat "$saved/path")
${wasRemoved ? 'if [ -e "$real" ] || [ -L "$real" ]; then echo "something else is at $real by now" >&2; exit 1; fi' : ':'}
new=$(mktemp -d "\${real%/*}/.qianyun.XXXXXX")
trap 'rm -rf -- "$new"' EXIT
trap 'exit 74' HUP INT PIPE TERM
cp -a -- "$saved/content" "$new/content"
sync
mv -f -- "$new/content" "$real"
rm -rf -- "$saved"`
}

/** Shell that prints inode and time of the last status change of a file; nothing if there is no file. */
export function identityOf(word: string): string {
  return `stat -L -c '%i %Z' -- ${word} 2>/dev/null || true`
}
