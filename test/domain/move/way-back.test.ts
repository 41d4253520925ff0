import { describe, expect, it } from '@jest/globals'
import type { ReplicationHealth } from '../../../domain/measurement/replication-health.ts'
import { readReason, withReadReasons } from '../../../domain/move/recorded-reason.ts'
import { judgeWayBack } from '../../../domain/move/way-back.ts'
import { type Code, say, said, inForeignWords } from '../../../domain/words/said.ts'

const limits = { orders: 10_000, scans: 60_000 }
const healthy: ReplicationHealth = { channel: 'running', lagMs: 12, figures: {}, reasons: [] }
const failed = said('files-not-carried', {
  because: inForeignWords('"old" cannot be reached at 10.0.0.11:22.'),
})
const slotGone = said('reverse-slot-missing')
const asLeft = said('kept-as-left', { since: '2026-11-28T01:00:00.000Z' })
const notRunning = said('reverse-apply-not-running')

const judge = (datasets: Readonly<Record<string, ReplicationHealth>>) =>
  judgeWayBack({ atMs: 0, oldSideReachable: true, newSideReachable: true, datasets }, limits)

describe('the way back of one dataset', () => {
  it.each<[string, Partial<ReplicationHealth>, string, readonly ReturnType<typeof readReason>[]]>([
    ['that runs', {}, 'armed', []],
    ['as late as it may be', { lagMs: 10_000 }, 'armed', []],
    ['that is late', { lagMs: 11_400 }, 'degraded', [said('behind', { seconds: 11 })]],
    ['of which nothing has arrived yet', { lagMs: undefined as never }, 'armed', []],
    ['that is stopped, though not late yet', { channel: 'stopped', reasons: [failed] }, 'degraded', [failed]],
    [
      'that is stopped and late',
      { channel: 'stopped', lagMs: 90_000, reasons: [notRunning] },
      'degraded',
      [notRunning, said('behind', { seconds: 90 })],
    ],
    [
      'that is kept as it was left, however long ago',
      { channel: 'kept', lagMs: 9e9, reasons: [asLeft] },
      'kept',
      [asLeft],
    ],
    ['that is at risk', { channel: 'at-risk', reasons: [notRunning] }, 'degraded', [notRunning]],
    // What the channel held back cannot be had again.
    [
      'that is broken, however late',
      { channel: 'broken', lagMs: 90_000, reasons: [slotGone] },
      'lost',
      [slotGone],
    ],
  ])('%s', (_, found, state, reasons) => {
    expect(judge({ orders: { ...healthy, ...found } })).toEqual({ state, reasons })
  })
})

describe('the way back of several datasets', () => {
  it('is kept when one is and all others are armed, and degraded when another is late', () => {
    const kept: ReplicationHealth = { channel: 'kept', figures: {}, reasons: [asLeft] }
    expect(judge({ orders: kept, scans: healthy }).state).toBe('kept')
    expect(judge({ orders: kept, scans: { ...healthy, lagMs: 90_000 } }).state).toBe('degraded')
    expect(judge({ orders: kept, scans: { ...healthy, channel: 'broken' } }).state).toBe('lost')
  })

  it('is armed when all are', () => {
    expect(judge({ orders: healthy, scans: { ...healthy, lagMs: 50_000 } })).toEqual({
      state: 'armed',
      reasons: [],
    })
  })

  it('is judged by each one’s own limit, and every reason names its dataset', () => {
    const late = { ...healthy, lagMs: 90_000 }
    expect(judge({ orders: { ...late, channel: 'stopped', reasons: [failed] }, scans: late })).toEqual({
      state: 'degraded',
      reasons: [
        { ...failed, values: { dataset: 'orders', ...failed.values } },
        said('behind', { dataset: 'orders', seconds: 90 }),
        said('behind', { dataset: 'scans', seconds: 90 }),
      ],
    })
  })

  it('is lost with one of them', () => {
    const broken = { ...healthy, channel: 'broken', reasons: [slotGone] } as const
    expect(judge({ orders: { ...healthy, lagMs: 90_000 }, scans: broken })).toEqual({
      state: 'lost',
      reasons: [said('reverse-slot-missing', { dataset: 'scans' })],
    })
  })
})

describe('a reason that was recorded as text', () => {
  it.each<[string, Code, Readonly<Record<string, unknown>>]>([
    ['marker-late-12s', 'behind', { dataset: 'database', seconds: 12 }],
    ['files-late-61s', 'behind', { dataset: 'files', seconds: 61 }],
    ['tables-not-followed-3', 'tables-not-followed', { count: 3 }],
    [
      'files-host-unreachable',
      'files-not-carried',
      { dataset: 'files', because: 'host-unreachable', failure: 'host-unreachable' },
    ],
    ['reverse-slot-missing', 'reverse-slot-missing', {}],
    ['reverse-slot-invalidated', 'reverse-slot-invalidated', {}],
    ['reverse-slot-about-to-be-lost', 'reverse-slot-about-to-be-lost', {}],
    ['reverse-subscription-disabled', 'reverse-subscription-disabled', {}],
    ['reverse-apply-not-running', 'reverse-apply-not-running', {}],
    ['new-side-unreachable', 'new-side-unreachable', {}],
    ['old-side-unreachable', 'old-side-unreachable', {}],
    ['arming-skipped', 'arming-skipped', {}],
  ])('"%s" is read as "%s" with its values, which both languages can say', (text, code, values) => {
    const read = readReason(text)
    expect(read).toEqual({ code, values })
    for (const language of ['en', 'zh'] as const) expect(say(language, read)).not.toBe(code)
  })

  it('is read so in a move that was handed on with it', () => {
    const wayBack = { state: 'degraded', reasons: ['marker-late-12s'] as never, atMs: 2 } as const
    const retention = { startedAtMs: 0, untilMs: 9, wayBack }
    expect(withReadReasons({ retention }).retention.wayBack.reasons).toEqual([
      said('behind', { dataset: 'database', seconds: 12 }),
    ])
  })
})
