import { describe, expect, it } from '@jest/globals'
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common'
import { say } from '../../domain/words/said.ts'
import { toldFailure } from '../../workflows/told-failure.ts'

const inActivity = (cause: Error) =>
  new ActivityFailure(
    'activity task failed',
    'runSteps',
    '7',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    '4711@runner-a',
    cause,
  )
const inChild = (cause: Error) =>
  new ChildWorkflowFailure(
    'default',
    { workflowId: 'playbook/x', runId: 'r' },
    'playbook',
    RetryState.NON_RETRYABLE_FAILURE,
    cause,
  )

describe('a failure of an activity', () => {
  it('names the runner that was not heard of, and what to do, in both languages', () => {
    const lost = new TimeoutFailure('activity Heartbeat timeout', undefined, TimeoutType.HEARTBEAT)
    const { code, message, details } = toldFailure(inChild(inActivity(lost)))
    expect(code).toBe('runner-lost')
    expect(message).toContain('The runner that worked on it ("4711@runner-a") was not heard of in time')
    expect(message).toContain('try the step again')
    expect(say('zh', { code, values: details.values ?? {} })).toContain('执行器（“4711@runner-a”）未按时报告')
  })

  it('tells one that took too long from one that was lost', () => {
    const late = new TimeoutFailure('activity StartToClose timeout', undefined, TimeoutType.START_TO_CLOSE)
    expect(toldFailure(inActivity(late))).toMatchObject({
      code: 'runner-took-too-long',
      message: expect.stringContaining('(activity StartToClose timeout)'),
    })
  })

  it('is what was thrown in it, with its values', () => {
    const thrown = ApplicationFailure.create({
      type: 'database-unreachable',
      message: 'The server does not answer.',
      details: [{ values: { place: '10.1.2.3:5432' } }],
    })
    expect(toldFailure(inActivity(thrown))).toEqual({
      code: 'database-unreachable',
      message: 'The server does not answer.',
      details: { values: { place: '10.1.2.3:5432' } },
    })
    expect(toldFailure(inActivity(new CancelledFailure('cancelled')))).toMatchObject({ code: 'unexpected' })
    expect(toldFailure(new TypeError('no such thing'))).toMatchObject({
      code: 'unexpected',
      message: 'no such thing',
    })
  })
})
