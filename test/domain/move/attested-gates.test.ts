import { describe, expect, it } from '@jest/globals'
import { judgeAttested } from '../../../domain/move/rules/attested-gates.ts'
import type { StepOutcome } from '../../../domain/playbook/outcome.ts'
import { samplePlan } from '../../support/plan.ts'

const { gates } = samplePlan().policy
const attested = (does: StepOutcome['does'], result: object): StepOutcome => ({
  ...{ step: String(does), kind: 'task', result: { ...result } },
  ...(does && { does }),
})
const good = [
  attested('verify', { compared: 100, different: 0 }),
  attested('load-test', { failedShare: 0, p95Ratio: 1 }),
  attested('rehearse', { cutoverMs: 60_000, rollbackMs: 60_000, cutoverGapMs: 0, rollbackGapMs: 0 }),
]
const missed = (done: readonly StepOutcome[]) =>
  judgeAttested(done, gates).gates.flatMap(({ name, passed }) => (passed ? [] : [name]))

describe('the gates of what people attest', () => {
  it('pass where each figure is within the policy', () => {
    expect(missed(good)).toEqual([])
  })

  it.each([
    ['attested-comparison', attested('verify', { compared: 10, different: 1 })],
    ['attested-comparison', attested('verify', { compared: 0, different: 0 })],
    ['attested-failed-share', attested('load-test', { failedShare: 1, p95Ratio: 1 })],
    ['attested-p95', attested('load-test', { failedShare: 0, p95Ratio: 1_000 })],
    [
      'attested-write-gap',
      attested('rehearse', { cutoverMs: 1, rollbackMs: 1, cutoverGapMs: 9e9, rollbackGapMs: 0 }),
    ],
  ])('miss "%s" by one of several tasks, whichever comes last', (gate, bad) => {
    expect(missed([bad, ...good])).toEqual([gate])
    expect(missed([...good, bad])).toEqual([gate])
  })

  it('miss what nobody has attested', () => {
    expect(missed([])).toEqual([
      'attested-comparison',
      'attested-failed-share',
      'attested-p95',
      'attested-write-gap',
    ])
  })

  it('add up how long rehearsed switches take, one after another', () => {
    expect(judgeAttested([...good, ...good], gates)).toMatchObject({
      cutoverMs: 120_000,
      rollbackMs: 120_000,
    })
  })
})
