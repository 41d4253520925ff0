import { describe, expect, it } from '@jest/globals'
import type { WayBackMeasurement } from '../../domain/move/way-back.ts'
import { judgeWayBack } from '../../domain/move/way-back.ts'

const limits = { maxMarkerAgeMs: 10_000, maxFilesAgeMs: 60_000 }
const healthy: WayBackMeasurement = {
  atMs: 0,
  oldSideReachable: true,
  newSideReachable: true,
  slotWalStatus: 'reserved',
  subscriptionEnabled: true,
  applyRunning: true,
  markerAgeMs: 12,
}
const unreachable = { code: 'host-unreachable', message: '"old" cannot be reached at 10.0.0.11:22.' }

describe('the way back', () => {
  it.each<[string, Partial<WayBackMeasurement>, string, readonly string[]]>([
    ['a system without files', {}, 'armed', []],
    ['every table followed', { tablesNotFollowed: 0 }, 'armed', []],
    ['tables that are not followed', { tablesNotFollowed: 2 }, 'degraded', ['tables-not-followed-2']],
    ['files as late as they may be', { filesAgeMs: 60_000 }, 'armed', []],
    ['files that are late', { filesAgeMs: 61_400 }, 'degraded', ['files-late-61s']],
    [
      'files that are not carried, though not late yet',
      { filesAgeMs: 5_000, filesFailure: unreachable },
      'degraded',
      ['files-host-unreachable'],
    ],
    [
      'markers and files that are late',
      { markerAgeMs: 11_000, filesAgeMs: 90_000, filesFailure: unreachable },
      'degraded',
      ['marker-late-11s', 'files-host-unreachable', 'files-late-90s'],
    ],
    // What the slot held back cannot be had again; a later pass makes up for files.
    [
      'a slot that is gone, whatever the files are like',
      { slotWalStatus: 'lost', filesAgeMs: 90_000 },
      'lost',
      ['reverse-slot-invalidated'],
    ],
  ])('with %s', (_, found, state, reasons) => {
    expect(judgeWayBack({ ...healthy, ...found }, limits)).toEqual({ state, reasons })
  })
})
