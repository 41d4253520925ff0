import { describe, expect, it } from '@jest/globals'
import type { Said } from '../../../domain/words/message.ts'
import { said, say } from '../../../domain/words/said.ts'
import { judgeRehearsal, type RehearsedSwitches } from '../../../domain/move/rules/rehearsal.ts'
import type { StepOutcome } from '../../../domain/playbook/outcome.ts'
import { samplePlan } from '../../support/plan.ts'

const { gates } = samplePlan().policy
const verified = (differences: readonly string[], notCompared?: readonly Said[]): StepOutcome => ({
  step: 'verify',
  kind: 'other-verify',
  does: 'verify',
  result: { equal: differences.length === 0, rows: 7, differences, ...(notCompared && { notCompared }) },
})
const switches: RehearsedSwitches = {
  cutoverMs: 4_000,
  rollbackMs: 5_000,
  cutoverGapMs: 40,
  rollbackGapMs: 41,
  ackedWrites: 100,
  lostWrites: 0,
}
const rehearsed = (result: Partial<RehearsedSwitches>): StepOutcome => ({
  step: 'switches',
  kind: 'other-rehearse',
  does: 'rehearse',
  result: { ...switches, ...result },
})

/** A load test whose last target failed as many of its 100 requests. */
const loaded = (step: string, targets: readonly string[], failed = 0): StepOutcome => ({
  step,
  kind: 'other-load',
  does: 'load-test',
  result: {
    ...{ ratePerSecond: 1, seconds: 1, warmupSeconds: 0, repeats: 1, discardedRuns: 0 },
    valid: true,
    invalidBecause: [],
    targets: targets.map((name, index) => ({
      name,
      requests: 100,
      failed: index === targets.length - 1 ? failed : 0,
      failedShare: index === targets.length - 1 ? failed / 100 : 0,
      latencyMs: { p50: 1, p90: 1, p95: 1, p99: 1, max: 1 },
    })),
    comparisons: targets.slice(1).map((target) => ({
      target,
      baseline: targets[0],
      p95Ratio: { low: 1, estimate: 1, high: 1 },
    })),
  },
})

function loadGates(done: readonly StepOutcome[]) {
  return judgeRehearsal(done, gates).gates.flatMap(({ name, target, passed }) =>
    target === undefined ? [] : [`${name} (${target}): ${passed ? 'passed' : 'missed'}`],
  )
}

function gate(name: string, done: readonly StepOutcome[]) {
  return judgeRehearsal(done, gates).gates.find((one) => one.name === name)
}

describe('a rehearsal with several steps that do the same', () => {
  it('misses its gate where the first of two verifications found a difference', () => {
    expect(gate('data-verified', [verified(['orders']), verified([])])).toEqual({
      name: 'data-verified',
      passed: false,
      found: said('rows-differ', { tables: ['orders'] }),
    })
    expect(gate('data-verified', [verified([]), verified([])])).toMatchObject({
      passed: true,
      found: said('rows-the-same', { rows: 14 }),
    })
  })

  it('names beside the rows that are the same what no verification compared, each once', () => {
    const left = [said('not-compared-unlogged', { tables: ['public.cache'] })]
    const done = [verified([], left), verified([], left), verified([])]
    const found = gate('data-verified', done)?.found as Said
    expect(say('en', found)).toBe(
      '21 rows are the same on both sides; not compared: rows of unlogged tables, which no copy is bound to hold: "public.cache"',
    )
    expect(say('zh', found)).toContain('未比较：不记日志的表的行')
  })

  it('counts the writes lost and the longest gap of every rehearsed switch', () => {
    const done = [rehearsed({ lostWrites: 1 }), rehearsed({ cutoverGapMs: 1_234 })]
    expect(gate('rehearsed-writes-kept', done)).toMatchObject({
      passed: false,
      found: said('writes-lost', { lost: 1, acknowledged: 200 }),
    })
    expect(gate('rehearsed-write-gap', done)?.found).toMatchObject({ values: { gapMs: 1234 } })
    expect(gate('rehearsed-writes-kept', [rehearsed({}), rehearsed({ ackedWrites: 0 })])?.passed).toBe(false)
    expect(judgeRehearsal(done, gates)).toMatchObject({ cutoverMs: 8_000, rollbackMs: 10_000 })
  })

  it('misses the gates of the first of two load tests, each named by its target', () => {
    const done = [
      loaded('load-desk', ['desk@old-1', 'desk@test'], 7),
      loaded('load-portal', ['portal@old-1', 'portal@test']),
    ]
    expect(loadGates(done)).toEqual([
      'load-run-valid (load-desk): passed',
      'failed-share (desk@test): missed',
      'p95 (desk@test): passed',
      'load-run-valid (load-portal): passed',
      'failed-share (portal@test): passed',
      'p95 (portal@test): passed',
    ])
  })

  it('names the step too where two load tests call their targets the same', () => {
    const done = [loaded('desk', ['old', 'new']), loaded('portal', ['old', 'new'], 7)]
    expect(loadGates(done)).toEqual([
      'load-run-valid (desk): passed',
      'failed-share (desk: new): passed',
      'p95 (desk: new): passed',
      'load-run-valid (portal): passed',
      'failed-share (portal: new): missed',
      'p95 (portal: new): passed',
    ])
    expect(loadGates(done.slice(0, 1))).toEqual(['failed-share (new): passed', 'p95 (new): passed'])
  })

  it('is judged the same by outcomes on record that say their kind alone', () => {
    const recorded = ({ does, ...outcome }: StepOutcome): StepOutcome => ({
      ...outcome,
      kind: `postgres-${does ?? ''}`,
    })
    const done = [verified(['orders']), rehearsed({})]
    expect(judgeRehearsal(done.map(recorded), gates)).toEqual(judgeRehearsal(done, gates))
  })
})
