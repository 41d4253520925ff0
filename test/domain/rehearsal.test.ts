import { describe, expect, it } from '@jest/globals'
import { said } from '../../domain/words/said.ts'
import { judgeRehearsal, type RehearsedSwitches } from '../../domain/move/rules/rehearsal.ts'
import type { StepOutcome } from '../../domain/playbook/outcome.ts'
import { samplePlan } from '../support/plan.ts'

const { gates } = samplePlan().policy
const verified = (differences: readonly string[]): StepOutcome => ({
  step: 'verify',
  kind: 'other-verify',
  does: 'verify',
  result: { equal: differences.length === 0, rows: 7, differences },
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

  it('is judged the same by outcomes on record that say their kind alone', () => {
    const recorded = ({ does, ...outcome }: StepOutcome): StepOutcome => ({
      ...outcome,
      kind: `postgres-${does ?? ''}`,
    })
    const done = [verified(['orders']), rehearsed({})]
    expect(judgeRehearsal(done.map(recorded), gates)).toEqual(judgeRehearsal(done, gates))
  })
})
