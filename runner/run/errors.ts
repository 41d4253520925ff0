import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a step runs longer than its `timeout`. What it had running on hosts was killed. */
export class StepTimeoutError extends QianyunError {
  override name = 'StepTimeoutError'
  readonly code = 'step-timeout'

  constructor(
    readonly stepId: string,
    readonly timeoutMs: number,
  ) {
    super(said('step-timeout', { stepId, timeoutMs }))
  }
}

/** Thrown when a step was cut off half-way and only a person can know whether it ran. */
export class StepInterruptedError extends QianyunError {
  override name = 'StepInterruptedError'
  readonly code = 'step-interrupted'

  constructor(
    readonly stepId: string,
    readonly kind: string,
  ) {
    super(said('step-interrupted', { stepId, kind }))
  }
}

/** Thrown when a step id does not belong to the playbook. */
export class UnknownStepError extends QianyunError {
  override name = 'UnknownStepError'
  readonly code = 'unknown-step'

  constructor(
    readonly stepId: string,
    readonly playbook: string,
  ) {
    super(said('unknown-step', { playbook, stepId }))
  }
}

/** Thrown when steps that only a move may ask for are to run outside one. */
export class OnlyInMoveError extends QianyunError {
  override name = 'OnlyInMoveError'
  readonly code = 'only-in-move'

  constructor(
    readonly playbook: string,
    readonly steps: readonly { readonly id: string; readonly kind: string }[],
  ) {
    super(said('only-in-move', { playbook, steps: steps.map(({ id, kind }) => `"${id}" (${kind})`) }))
  }
}

/** Thrown when undoing a step fails. What made the undo necessary is part of it, never hidden behind it. */
export class UndoFailedError extends QianyunError {
  override name = 'UndoFailedError'
  readonly code: 'undo-failed' | 'undo-refused'

  constructor(
    readonly stepId: string,
    readonly undone: readonly string[],
    readonly reason: string,
    readonly firstFailure: string | undefined,
    /** Nothing was taken down, because that would have lost something. Whatever undoes must not go on without it. */
    isRefused = false,
  ) {
    const code = isRefused ? 'undo-refused' : 'undo-failed'
    super(said(code, { stepId, reason, firstFailure, undone }))
    this.code = code
  }
}
