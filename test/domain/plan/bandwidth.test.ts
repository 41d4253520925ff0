import { describe, expect, it } from '@jest/globals'
import {
  type Bandwidth,
  bandwidthOf,
  BandwidthHours,
  bytesPerSecondAt,
} from '../../../domain/plan/bandwidth.ts'
import { instantOf } from '../../../domain/wall-clock.js'

const timeZone = 'Asia/Shanghai'
const at = (time: string) => instantOf(Date.parse(`2026-11-28T${time}:00Z`), timeZone)
const hours = (...given: readonly (readonly [from: string, to: string, megabytes: number])[]): Bandwidth =>
  bandwidthOf({
    timeZone,
    bandwidth: given.map(([from, to, megabytesPerSecond]) => ({ from, to, megabytesPerSecond })),
  })

describe('what copies may take of the network', () => {
  it('has no limit where a policy says nothing, and outside of the hours it names', () => {
    expect(bytesPerSecondAt(bandwidthOf({ timeZone }), at('09:00'))).toBeUndefined()
    const office = hours(['08:30', '18:00', 5])
    const limits = ['08:29', '08:30', '17:59', '18:00'].map((time) => bytesPerSecondAt(office, at(time)))
    expect(limits).toEqual([undefined, 5_000_000, 5_000_000, undefined])
  })

  it('holds past midnight, all day, and the least of several counts', () => {
    const night = hours(['22:00', '06:00', 50], ['00:00', '24:00', 80], ['05:00', '07:00', 2.5])
    const limits = ['21:59', '23:00', '04:59', '05:30', '06:30', '07:00'].map((time) =>
      bytesPerSecondAt(night, at(time)),
    )
    expect(limits).toEqual([8e7, 5e7, 5e7, 2.5e6, 2.5e6, 8e7])
    expect(bytesPerSecondAt(hours(['12:00', '12:00', 1]), at('03:00'))).toBe(1e6)
  })

  it('is refused with times that no day has, and with nothing at all', () => {
    const wrong = (given: object) =>
      BandwidthHours.safeParse([{ from: '08:00', to: '18:00', megabytesPerSecond: 1, ...given }]).success
    expect([wrong({}), wrong({ to: '24:00' })]).toEqual([true, true])
    expect([wrong({ from: '8:00' }), wrong({ to: '24:01' }), wrong({ megabytesPerSecond: 0 })]).toEqual([
      false,
      false,
      false,
    ])
  })
})
