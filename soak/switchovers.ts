import { Dice } from './dice.ts'
import { type Found, Lane } from './lane.ts'

export interface SwitchoverSoak {
  /** How many switches in all. */
  readonly count: number
  readonly seed: number
  /** Pairs that are switched at the same time, each with servers, a pooler and writers of its own. */
  readonly datasets: number
  /** Databases of each pair, switched at the same time. Default: one or two, by the seed. */
  readonly databases?: number
  /** Ends it after the switches under way, with the result of those made. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** What a soak found. Everything but `count` and the gaps is to be 0. */
export interface SwitchoverSoakResult {
  readonly soak: 'switchovers'
  readonly count: number
  /** Acknowledged writes that a side does not hold. */
  readonly lostWrites: number
  readonly bothOpen: number
  readonly noneOpen: number
  /** Pairs whose waiting side did not follow within its time. */
  readonly replicationDead: number
  /** Pairs that had one open side and did not come to rest otherwise: clients waited, or no further switch could be made. */
  readonly stuck: number
  /** As the writers saw it, of the switches that nothing struck. */
  readonly writeGapMs: { readonly p50: number; readonly p99: number; readonly max: number }
}

/**
 * Switches pairs forth and back under writers and strikes servers, pooler, runner, guardian and network while it does, at
 * each part and at random; between two switches a person retries, aborts or waits. Stops a pair at the first thing found.
 */
export async function soakSwitchovers({
  count,
  seed,
  datasets,
  databases,
  signal,
  say,
}: SwitchoverSoak): Promise<SwitchoverSoakResult> {
  say(`seed ${String(seed)}, ${String(count)} switches of ${String(datasets)} datasets`)
  const shares = Array.from(
    { length: datasets },
    (_, at) => Math.floor(count / datasets) + (at < count % datasets ? 1 : 0),
  )
  const found = await Promise.all(
    shares.map(async (share, at) => {
      const name = `dataset ${String(at + 1)}`
      const lane = await Lane.open(name, new Dice(seed + at), {
        databases: databases ?? 1 + ((seed + at) % 2),
        say: (line) => {
          say(`${name}: ${line}`)
        },
      })
      try {
        return await lane.run(share, signal)
      } finally {
        await lane.close()
      }
    }),
  )
  const result = sumOf(found)
  const struck = found.flatMap(({ struckGapsMs }) => struckGapsMs)
  say(`writers waited at switches nothing struck: ${distribution(found.flatMap(({ gapsMs }) => gapsMs))}`)
  say(`writers waited at switches that were struck: ${distribution(struck)}`)
  say(
    `${String(struck.length)} of ${String(result.count)} were struck, ${String(result.lostWrites)} writes lost`,
  )
  return result
}

function sumOf(found: readonly Found[]): SwitchoverSoakResult {
  const sum = (of: (one: Found) => number) => found.reduce((total, one) => total + of(one), 0)
  const gapsMs = found.flatMap((one) => one.gapsMs)
  return {
    soak: 'switchovers',
    count: sum(({ switches }) => switches),
    lostWrites: sum(({ lostWrites }) => lostWrites),
    bothOpen: sum(({ unrest }) => Number(unrest === 'both-open')),
    noneOpen: sum(({ unrest }) => Number(unrest === 'none-open')),
    replicationDead: sum(({ unrest }) => Number(unrest === 'replication-dead')),
    stuck: sum(({ unrest }) => Number(unrest === 'stuck')),
    writeGapMs: { p50: quantile(gapsMs, 0.5), p99: quantile(gapsMs, 0.99), max: quantile(gapsMs, 1) },
  }
}

function distribution(gapsMs: readonly number[]): string {
  if (gapsMs.length === 0) return 'none'
  const at = (share: number) => String(quantile(gapsMs, share))
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, longest ${at(1)} ms`
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return Math.round((sorted[at] ?? 0) * 10) / 10
}
