import { RemovablePath } from '../../domain/absolute-path.ts'
import { quoteAll } from '../../runner/ssh/quote.ts'
import type { HostPort } from '../../runner/steps/kind.ts'
import { PathTooShallowError } from './errors.ts'

/** What is removed on a host for given paths. */
export interface Targets {
  /** The real paths, with links resolved; none lies inside another. */
  readonly real: readonly string[]
  /** Copies from below the paths that earlier steps keep, and records of the names there. */
  readonly copies: readonly string[]
}

/** The files before the removal, for the proof. */
export interface FileInventory {
  readonly files: number
  readonly bytes: number
  /** SHA-256 over the sorted list of every file with its own SHA-256. */
  readonly digest: string
  /** Places outside the paths to which links inside lead. They are not touched. */
  readonly leadsOut: { readonly count: number; readonly some: readonly string[] }
}

/** The storage below a place, as far as its host shows it. */
export interface Medium {
  readonly place: string
  readonly fileSystem: string
  /** Whether the disk reports that it rotates; absent if unknown. */
  readonly rotational?: boolean
  /** A virtual disk, or a disk made of others: its report does not describe the hardware. */
  readonly virtual?: true
}

/** The storage below each place that exists. */
export async function mediaOf(
  host: HostPort,
  places: readonly string[],
  signal: AbortSignal,
): Promise<readonly Medium[]> {
  if (places.length === 0) return []
  const { stdout } = await host.run(
    `machine=
grep -qw hypervisor /proc/cpuinfo 2>/dev/null && machine=yes
for place in ${quoteAll(places)}; do
  [ -e "$place" ] || continue
  device=$(stat -c %d -- "$place")
  block=/sys/dev/block/$(( (device >> 8) & 4095 )):$(( (device & 255) | ((device >> 12) & 1048320) ))
  case $(basename "$(readlink -f "$block")") in vd*|xvd*|rbd*|nbd*|dm-*|md*|loop*|zd*|drbd*) virtual=yes ;; *) virtual=$machine ;; esac
  turns=$(cat "$block/queue/rotational" "$block/../queue/rotational" 2>/dev/null | head -n 1)
  printf '%s\\0%s\\0%s\\0%s\\0' "$place" "$(stat -f -c %T -- "$place")" "$turns" "$virtual"
done`,
    { signal },
  )
  const words = stdout.split('\0')
  return Array.from({ length: Math.floor(words.length / 4) }, (_, index) => {
    const [place = '', fileSystem = '', turns = '', virtual] = words.slice(index * 4, index * 4 + 4)
    return {
      place,
      fileSystem,
      ...(turns === '' ? {} : { rotational: turns === '1' }),
      ...(turns !== '' && virtual === 'yes' ? { virtual: true as const } : {}),
    }
  })
}

/** @throws PathTooShallowError when a link leads to a place that is too near to the root */
export async function findTargets(
  host: HostPort,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Targets> {
  if (paths.length === 0) return { real: [], copies: [] }
  const { stdout } = await host.run(
    `for path in ${quoteAll(paths)}; do printf '%s\\0' "$(readlink -f -- "$path" || printf %s "$path")"; done`,
    { signal },
  )
  const found = stdout.split('\0').slice(0, -1)
  found.forEach((place, index) => {
    if (!RemovablePath.safeParse(place).success) throw new PathTooShallowError(paths[index] ?? place, place)
  })
  const real = outermost(found)
  const kept = await host.run(
    `set -- ${quoteAll([...new Set([...real, ...paths])])}
for note in "$HOME"/.qianyun/before/*/*/path "$HOME"/.qianyun/carried/*/path; do
  [ -e "$note" ] || continue
  for place do case "$(cat "$note")/" in "$place"/*) printf '%s\\0' "\${note%/path}"; break ;; esac; done
done`,
    { signal },
  )
  return { real, copies: kept.stdout.split('\0').slice(0, -1) }
}

function outermost(places: readonly string[]): readonly string[] {
  const all = [...new Set(places)]
  return all.filter((place) => !all.some((other) => other !== place && place.startsWith(`${other}/`)))
}

/**
 * Lists and reads every file. One that cannot be read, or a folder that cannot be looked into, fails the whole: what is not
 * in the list would be removed without proof.
 * @throws CommandFailedError
 */
export async function listFiles(
  host: HostPort,
  { real, copies }: Targets,
  signal: AbortSignal,
): Promise<FileInventory> {
  const { stdout } = await host.run(
    `set -e
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 74' HUP INT PIPE TERM
: >"$work/names"
: >"$work/links"
for place in ${quoteAll([...real, ...copies])}; do
  [ -e "$place" ] || continue
  find "$place" -type f -print0 >>"$work/names"
  find "$place" -type l -exec readlink -f -- {} + >>"$work/links" || true
done
sort -z -o "$work/names" "$work/names"
xargs -0 -r sha256sum -- <"$work/names" >"$work/sums"
xargs -0 -r stat -c %s -- <"$work/names" >"$work/sizes"
tr -dc '\\0' <"$work/names" | wc -c
awk '{ bytes += $1 } END { printf "%.0f\\n", bytes }' "$work/sizes"
sha256sum <"$work/sums" | cut -d ' ' -f 1
set -- ${quoteAll(real)}
sort -u "$work/links" | while IFS= read -r target; do
  for place do case "$target/" in "$place"/*) continue 2 ;; esac; done
  if [ -e "$target" ]; then printf '%s\\n' "$target"; fi
done >"$work/out"
wc -l <"$work/out"
head -n 10 "$work/out" | cut -c 1-300`,
    { signal },
  )
  const [files, bytes, digest = '', count, ...some] = stdout.trimEnd().split('\n')
  return { files: Number(files), bytes: Number(bytes), digest, leadsOut: { count: Number(count), some } }
}
