import type { Said } from '../../../../domain/words/message.ts'
import { said, inForeignWords } from '../../../../domain/words/said.ts'
import { CommandFailedError } from '../../../../runner/ssh/errors.ts'
import { quote } from '../../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../../runner/steps/kind.ts'
import type { SyncFilesParams } from './params.ts'

interface Names {
  readonly count: number
  readonly some: readonly string[]
}

/** What rsync does not tell of a folder, and a copy may lack. */
interface Survey {
  readonly linksOut: Names
  readonly linksByFullPath: Names
  readonly hardLinksOut: number
  readonly bytesOnDisk: number
}

/** Room that two file systems need differently for the same files. */
const roomTolerance = { share: 1.1, bytes: 1_048_576 }

/** Looks at both folders for what a copy may lack though every entry of it is the same. A word for each. */
export async function surveyBoth(
  params: SyncFilesParams,
  context: { readonly host: (name: string) => HostPort; readonly signal: AbortSignal },
): Promise<readonly Said[]> {
  const { from, to } = params
  const look = async ({ host, path }: SyncFilesParams['from']): Promise<Survey | Said> =>
    survey(context.host(host), path, context.signal).catch((error: unknown) => {
      if (!(error instanceof CommandFailedError)) throw error
      const because = error.stderr.trim().split('\n').at(-1) ?? ''
      return said('not-compared-survey', { host, because: inForeignWords(because.slice(0, 200)) })
    })
  const [old, copy] = await Promise.all([look(from), look(to)])
  if ('code' in old) return [old]
  const { linksOut, linksByFullPath, hardLinksOut } = old
  return [
    ...(linksOut.count > 0 ? [said('not-compared-links-out', { ...linksOut })] : []),
    ...(linksByFullPath.count > 0 && from.path !== to.path
      ? [said('not-compared-links-to-old-place', { ...linksByFullPath, from: from.path, to: to.path })]
      : []),
    ...(hardLinksOut > 0 ? [said('not-compared-hard-links-out', { count: hardLinksOut })] : []),
    ...('code' in copy ? [copy] : roomOf(old, copy)),
  ]
}

function roomOf({ bytesOnDisk: fromBytes }: Survey, { bytesOnDisk: toBytes }: Survey): readonly Said[] {
  const grew = toBytes > fromBytes * roomTolerance.share + roomTolerance.bytes
  return grew ? [said('not-compared-room', { fromBytes, toBytes })] : []
}

async function survey(host: HostPort, path: string, signal: AbortSignal): Promise<Survey> {
  const { stdout } = await host.run(surveyScript(path), { signal })
  const [bytesOnDisk, hardLinksOut, ...rest] = stdout.split('\n')
  const at = rest.indexOf('@@full')
  const names = ([count = '0', ...some]: readonly string[]): Names => ({
    count: Number(count),
    some: some.filter((name) => name !== ''),
  })
  return {
    bytesOnDisk: Number(bytesOnDisk),
    hardLinksOut: Number(hardLinksOut),
    linksOut: names(rest.slice(0, at)),
    linksByFullPath: names(rest.slice(at + 1)),
  }
}

/** Names the links below the present folder that lead out of it, in `$work/out`; `$here` is where the folder really lies. */
export const linksOutScript = `find . -type l -print0 2>/dev/null >"$work/links" || true
xargs -0 -r realpath -mz -- <"$work/links" | tr '\\n\\0' '?\\n' >"$work/targets"
tr '\\n\\0\\t' '?\\n?' <"$work/links" >"$work/names"
paste "$work/targets" "$work/names" |
  here="$here" awk -F '\\t' 'index($1 "/", ENVIRON["here"] "/") != 1 { print substr($2, 3, 200) }' >"$work/out"`

/** Names are cut and made printable by the host: they are shown, and nothing is done by them. */
function surveyScript(path: string): string {
  return `set -e
export LC_ALL=C
cd ${quote(path)}
here=$(pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
find . -type f -printf '%b\\n' | awk '{ blocks += $1 } END { printf "%.0f\\n", blocks * 512 }'
find . -type f -links +1 -printf '%D:%i %n\\n' |
  awk '{ seen[$1] += 1; links[$1] = $2 } END { for (each in seen) out += seen[each] < links[each]; print out + 0 }'
${linksOutScript}
wc -l <"$work/out"
head -n 5 "$work/out"
echo @@full
find . -type l -printf '%p\\t%l\\0' | tr '\\n\\0' '?\\n' |
  place=${quote(path)} awk -F '\\t' 'index($2 "/", ENVIRON["place"] "/") == 1 { print substr($1, 3, 200) }' >"$work/full"
wc -l <"$work/full"
head -n 5 "$work/full"`
}
