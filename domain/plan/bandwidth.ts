import { z } from 'zod'
import { wanted } from '../schema-problems.ts'
import { isTimeZone, wallClockMs } from '../wall-clock.js'

const minuteMs = 60_000
const dayMinutes = 1440

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, wanted('time-of-day'))

/**
 * What copies may take of the network at which hours of the day. `from` may be later than `to`: the hours go past midnight then. Of
 * several that hold at a time the least counts; at other times there is no limit.
 */
export const BandwidthHours = z
  .array(
    z.strictObject({
      from: TimeOfDay,
      to: TimeOfDay,
      megabytesPerSecond: z.number().min(0.1).max(100_000),
    }),
  )
  .max(24)

export const Bandwidth = z.strictObject({
  timeZone: z.string().refine(isTimeZone, wanted('time-zone-name')),
  hours: BandwidthHours,
})
export type Bandwidth = z.infer<typeof Bandwidth>

/** What a policy allows its moves; no hours where it says nothing. */
export function bandwidthOf(policy: {
  readonly timeZone: string
  readonly bandwidth?: Bandwidth['hours']
}): Bandwidth {
  return { timeZone: policy.timeZone, hours: policy.bandwidth ?? [] }
}

/** Bytes a second at an instant; undefined while nothing limits them. */
export function bytesPerSecondAt({ timeZone, hours }: Bandwidth, atMs: number): number | undefined {
  if (hours.length === 0) return undefined
  const minute = Math.floor(wallClockMs(atMs, timeZone) / minuteMs) % dayMinutes
  const holding = hours.filter(({ from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)]
    return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end
  })
  return holding.length === 0
    ? undefined
    : Math.min(...holding.map(({ megabytesPerSecond }) => megabytesPerSecond)) * 1e6
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
