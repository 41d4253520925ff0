import { finalSync } from '../cutover-window.ts'
import type { StepFailure } from '../event.ts'
import type { Migration } from '../migration.ts'
import { armWayBack } from '../rules/skippable-steps.ts'
import { rearmStep } from '../way-back.ts'
import { type Change, type Folds, unblocked, withoutFailure } from './fold.ts'

type RunningStep = NonNullable<Migration['step']>

/** What another attempt at the same step goes on with. */
const ofStep = (m: Migration, id: string): Pick<RunningStep, 'leftOut'> =>
  m.step?.id === id && m.step.leftOut ? { leftOut: m.step.leftOut } : {}

const leaveOut = (step: RunningStep | undefined, left: string, reason: string): RunningStep | undefined =>
  step && { ...withoutFailure(step), leftOut: [...(step.leftOut ?? []), { step: left, reason }] }

const failureOf = ({ code, message, values, playbookStep, playbookTitle }: StepFailure): StepFailure => ({
  code,
  message,
  ...(values && { values }),
  ...(playbookStep === undefined ? {} : { playbookStep }),
  ...(playbookTitle && { playbookTitle }),
})

const prepared = (m: Migration, step: string, from: 'running' | undefined, to: 'running' | 'done'): Change =>
  step === finalSync && m.cutover && m.cutover.preparation === from
    ? { cutover: { ...m.cutover, preparation: to } }
    : {}

/** The engine's own steps: started, ended, failed, tried again, skipped. */
export const stepFolds: Folds<
  'step-started' | 'step-finished' | 'step-failed' | 'step-retried' | 'step-skipped'
> = {
  'step-started': (m, { data, atMs }) => ({
    standing: unblocked(m),
    step: { ...ofStep(m, data.step), id: data.step, attempt: data.attempt, startedAtMs: atMs },
    ...prepared(m, data.step, undefined, 'running'),
  }),
  'step-finished': (m, { data }) => ({
    step: undefined,
    settle: undefined,
    standing: unblocked(m),
    ...(data.wayBack && { wayBackFound: data.wayBack }),
    ...prepared(m, data.step, 'running', 'done'),
  }),
  'step-failed': (m, { data }) => ({
    settle: undefined,
    standing: m.standing === 'moving' ? 'blocked' : m.standing,
    step: {
      ...ofStep(m, data.step),
      id: data.step,
      attempt: data.attempt,
      startedAtMs: m.step?.startedAtMs ?? m.changedAtMs,
      failure: failureOf(data),
    },
  }),
  'step-retried': (m) => ({ standing: unblocked(m), step: m.step && withoutFailure(m.step) }),
  'step-skipped': (m, { data }) => ({
    standing: unblocked(m),
    step: data.playbookStep === undefined ? undefined : leaveOut(m.step, data.playbookStep, data.reason),
    ...(data.step === rearmStep && data.playbookStep === undefined ? { rearm: undefined } : {}),
    armingSkipped: data.step === armWayBack ? true : m.armingSkipped,
    skippedSteps: [
      ...m.skippedSteps,
      data.playbookStep === undefined ? data.step : `${data.step}/${data.playbookStep}`,
    ],
  }),
}
