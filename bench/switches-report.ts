/** What a benchmark of switches is asked for. */
export interface SwitchesBench {
  readonly switches: number
  readonly sizeGb: number
  readonly writers: number
  readonly json: boolean
}

/** What the switches of a benchmark came to, as its writers saw them. */
export interface Measured {
  readonly gapsMs: readonly number[]
  readonly anatomies: readonly Readonly<Record<string, number>>[]
  readonly ackedWrites: number
  readonly lostWrites: number
  readonly ambiguousWrites: number
}

/** Says what so many switches came to, beside a dump and restore of the same database. */
export function reportSwitches(
  name: 'cutover' | 'mysql',
  bench: SwitchesBench,
  measured: Measured,
  dumpRestoreMs: number,
): void {
  const writeGapMs = {
    p50: quantile(measured.gapsMs, 0.5),
    p90: quantile(measured.gapsMs, 0.9),
    max: quantile(measured.gapsMs, 1),
  }
  const parts = [...new Set(measured.anatomies.flatMap((one) => Object.keys(one)))]
  const anatomyMs = Object.fromEntries(
    parts.map((part) => [
      part,
      quantile(
        measured.anatomies.map((one) => one[part] ?? 0),
        0.5,
      ),
    ]),
  )
  const { ackedWrites, lostWrites, ambiguousWrites } = measured
  const ratio = Math.round(dumpRestoreMs / writeGapMs.p50)
  const result = {
    bench: name,
    switches: bench.switches,
    writeGapMs,
    ackedWrites,
    lostWrites,
    ambiguousWrites,
    dumpRestoreMs,
    ratio,
    anatomyMs,
  }
  if (bench.json) {
    console.log(JSON.stringify(result))
    return
  }
  console.log(`
${bench.switches} switches forth and back under ${bench.writers} writers
  writers waited        median ${writeGapMs.p50} ms, p90 ${writeGapMs.p90} ms, longest ${writeGapMs.max} ms
  dump and restore      ${dumpRestoreMs} ms: ${ratio} times the median
  acknowledged writes   ${ackedWrites}, lost ${lostWrites}, ambiguous ${ambiguousWrites}
  anatomy, medians      ${parts.map((part) => `${part} ${String(anatomyMs[part])}`).join(', ')} ms`)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return Math.round((sorted[at] ?? 0) * 10) / 10
}
