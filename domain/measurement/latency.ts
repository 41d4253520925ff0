/**
 * Latencies counted in bins each 1 % wider than the one before: small, exact in count, and cheap to add up, which is
 * what resampling needs. From 0.05 ms to 2 minutes and a half.
 */
const smallestMs = 0.05
const binGrowth = Math.log(1.01)
const binCount = 1500

/** Latencies of one stretch of a load run, by bin. Stretches, not single requests, are what is drawn again. */
export type LatencyBlock = Uint32Array

export function newLatencyBlock(): LatencyBlock {
  return new Uint32Array(binCount)
}

export function addLatency(block: LatencyBlock, latencyMs: number): void {
  const bin = Math.floor(Math.log(Math.max(latencyMs, smallestMs) / smallestMs) / binGrowth)
  const index = Math.min(bin, binCount - 1)
  block[index] = (block[index] ?? 0) + 1
}

/** Upper edge of the bin the quantile falls into, milliseconds; 0 when nothing was counted. */
export function quantileMs(block: LatencyBlock, quantile: number): number {
  const total = block.reduce((sum, count) => sum + count, 0)
  const rank = Math.ceil(total * quantile)
  let seen = 0
  for (let bin = 0; bin < block.length; bin += 1) {
    seen += block[bin] ?? 0
    if (seen > 0 && seen >= rank) return smallestMs * Math.exp((bin + 1) * binGrowth)
  }
  return 0
}

/** An estimate with the interval it is believed to lie in. */
export interface Interval {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/**
 * Quantile of the candidate over the quantile of the baseline, with a 95 % interval by block bootstrap: whole stretches
 * of the runs are drawn again, because latencies of neighbouring requests are not independent (a stall hits many).
 * The same blocks always give the same interval. Undefined when a side has no latencies.
 */
export function quantileRatio(
  baseline: readonly LatencyBlock[],
  candidate: readonly LatencyBlock[],
  quantile: number,
): Interval | undefined {
  const estimate = quantileMs(sumOf(candidate), quantile) / quantileMs(sumOf(baseline), quantile)
  if (!Number.isFinite(estimate) || estimate === 0) return undefined
  const random = seededRandom(20_260_101)
  const ratios: number[] = []
  for (let draw = 0; draw < 400; draw += 1) {
    const below = quantileMs(sumOf(drawAgain(baseline, random)), quantile)
    const above = quantileMs(sumOf(drawAgain(candidate, random)), quantile)
    if (below > 0 && above > 0) ratios.push(above / below)
  }
  ratios.sort((a, b) => a - b)
  return {
    estimate,
    low: ratios[Math.floor(ratios.length * 0.025)] ?? estimate,
    high: ratios[Math.ceil(ratios.length * 0.975) - 1] ?? estimate,
  }
}

function sumOf(blocks: readonly LatencyBlock[]): LatencyBlock {
  const sum = newLatencyBlock()
  for (const block of blocks) {
    for (let bin = 0; bin < block.length; bin += 1) sum[bin] = (sum[bin] ?? 0) + (block[bin] ?? 0)
  }
  return sum
}

function drawAgain(blocks: readonly LatencyBlock[], random: () => number): LatencyBlock[] {
  return blocks.map(() => blocks[Math.floor(random() * blocks.length)] ?? newLatencyBlock())
}

/** mulberry32: small and repeatable; nothing here needs to be hard to guess. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
