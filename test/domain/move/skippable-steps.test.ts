import { describe, expect, it } from '@jest/globals'
import { skipRefusal } from '../../../domain/move/rules/skippable-steps.ts'
import { samplePlan } from '../../support/plan.ts'

const codeOf = (step: string, profile: 'production' | 'lab') =>
  skipRefusal({ plan: samplePlan({ profile }) }, step)?.code

describe('a step', () => {
  it.each([
    'discover-adapted',
    'preflight',
    'deploy-target',
    'deploy-staging',
    'copy-to-staging',
    'arm-way-back',
  ])('such as "%s" may be left out', (step) => {
    expect(codeOf(step, 'production')).toBeUndefined()
  })

  it.each(['observe-trial-run', 'public-write-probe'])('such as "%s" is left out in a lab alone', (step) => {
    expect(codeOf(step, 'lab')).toBeUndefined()
    expect(codeOf(step, 'production')).toBe('step-cannot-be-skipped')
  })

  it.each([
    'discover',
    'record-hosts',
    'rehearse',
    'final-sync',
    'switch-over',
    'wipe',
    'one-nobody-thought-of',
  ])('such as "%s" is never left out', (step) => {
    expect(codeOf(step, 'lab')).toBe('step-cannot-be-skipped')
  })
})
