import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Said } from '../../domain/words/message.ts'

/** Thrown when a step exceeds its `timeout`. Its processes on hosts were killed. */
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

/** Thrown for an interrupted step whose outcome only a person can find out. */
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

/** Thrown when a playbook has no step with the given id. */
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

/** Thrown when steps that only a move may run are to run outside a move. */
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

/** Thrown when undoing a step fails. The error contains the failure that made the undo necessary. */
export class UndoFailedError extends QianyunError {
  override name = 'UndoFailedError'
  readonly code: 'undo-failed' | 'undo-refused'

  constructor(
    readonly stepId: string,
    readonly undone: readonly string[],
    readonly reason: Said,
    readonly firstFailure: Said | undefined,
    /** The undo was refused because it would have lost data. The caller must not undo further steps. */
    isRefused = false,
  ) {
    const code = isRefused ? 'undo-refused' : 'undo-failed'
    super(said(code, { stepId, reason, firstFailure, undone }))
    this.code = code
  }
}
