import { quote } from '../ssh/quote.ts'

/**
 * Shell that keeps what lies at a path in the folder `saved`: where it lay in `path`, what it was in `content`. Only the
 * first attempt's copy counts, since a later one would save what the first has already changed; and only a whole one.
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
 * Shell that puts it back by rename: over what is there, or, where the step took it away, only while nothing is there. Fails
 * when the copy is gone, unless what lies at the path is the very thing that lay there before (`identity`).
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

/** Shell that prints which file it is, and when it was last changed in any way; nothing when there is none. */
export function identityOf(word: string): string {
  return `stat -L -c '%i %Z' -- ${word} 2>/dev/null || true`
}
