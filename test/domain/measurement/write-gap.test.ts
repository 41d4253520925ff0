import { describe, expect, it } from '@jest/globals'
import { judgeRehearsal } from '../../../domain/move/rules/rehearsal.ts'
import { trialRunReport } from '../../../domain/report/report.ts'
import { totalGap, writeGapOf } from '../../../domain/measurement/write-gap.ts'
import { switchResultOf } from '../../../workflows/migration/switch-result.ts'
import { historyOf } from '../../storage/history.ts'
import { samplePlan } from '../../support/plan.ts'

describe('a write gap', () => {
  it.each([
    [{ gapMs: 87.3 }, { gapMs: 87.3 }],
    [
      { gapMs: 31_000, gapBound: 'at-most' },
      { gapMs: 31_000, gapBound: 'at-most' },
    ],
    [{}, {}],
    [{ gapMs: 0 }, {}],
    [{ gapMs: -4, gapBound: 'at-most' }, {}],
    [{ gapMs: Number.NaN }, {}],
    [{ gapMs: '87' }, {}],
  ])('that a step reported as %j is kept as %j: never one of no length', (reported, kept) => {
    expect(writeGapOf(reported)).toEqual(kept)
    expect(switchResultOf({ ...reported, generation: 1, anatomyMs: {} })).toEqual({
      ...kept,
      generation: 1,
      anatomyMs: {},
    })
  })

  it('of an attempt that was undone is kept with the switch', () => {
    const undoneGaps = [{ gapMs: 2_000, gapBound: 'at-most' }, { gapMs: 0 }]
    expect(switchResultOf({ gapMs: 87, undoneGaps, generation: 1, anatomyMs: {} })).toEqual({
      gapMs: 87,
      undoneGaps: [{ gapMs: 2_000, gapBound: 'at-most' }, {}],
      generation: 1,
      anatomyMs: {},
    })
  })

  it('of datasets that were switched together is the longest, with the worst of what each has lost', () => {
    const alone = { generation: 1, anatomyMs: {}, unprovenSequences: ['public.s'], jobsOff: ['daily'] }
    const datasets = {
      orders: { ...alone, gapMs: 40, currentUntil: '2026-11-01T00:00:05Z' },
      permit: { ...alone, gapMs: 90, generation: 3, currentUntil: '2026-11-01T00:00:09Z', jobsOff: [] },
    }
    expect(switchResultOf({ gapMs: 40, datasets })).toEqual({
      ...{ gapMs: 90, generation: 3, anatomyMs: {} },
      currentUntilMs: Date.parse('2026-11-01T00:00:05Z'),
      unprovenSequences: ['orders: public.s', 'permit: public.s'],
      jobsOff: ['orders: daily'],
    })
    const unknown = { ...datasets, bills: { generation: 5, anatomyMs: {} } }
    expect(switchResultOf({ datasets: unknown }).gapMs).toBeUndefined()
  })

  it.each([
    [[], { gapMs: 0 }],
    [[{ gapMs: 80 }, { gapMs: 20 }], { gapMs: 100 }],
    [[{ gapMs: 80 }, { gapMs: 20, gapBound: 'at-most' as const }], { gapMs: 100, gapBound: 'at-most' }],
    [[{ gapMs: 80 }, {}], {}],
  ])('among %j adds up to no more than is known', (gaps, total) => {
    expect(totalGap(gaps)).toEqual(total)
  })

  it('that nothing measured stands in a report as not measured', () => {
    const result = { generation: 1, anatomyMs: {} }
    const events = historyOf([{ emit: 'cut-over', data: { result } }], 'permit-desk-1')
    expect(trialRunReport(events, [], { version: 1, remark: '' }).switchesSoFar).toEqual([
      { kind: 'cutover', atMs: expect.any(Number), gapMs: null },
    ])
  })

  it('is none of a rehearsal without a switch', () => {
    const judged = judgeRehearsal([], samplePlan().policy.gates)
    expect(judged.cutoverGapMs).toBeUndefined()
    expect(judged.rollbackGapMs).toBeUndefined()
  })
})
