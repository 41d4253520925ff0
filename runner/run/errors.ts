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
    super(
      `The step "${stepId}" did not end within ${timeoutMs} ms and was stopped. Find out what it waited for, or give it a longer "timeout".`,
    )
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
    super(
      `The step "${stepId}" (${kind}) was cut off while it ran, and nothing tells whether it finished. Look at the host; then retry the step to run it again, or skip it with a reason.`,
    )
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
    super(`The playbook "${playbook}" has no step "${stepId}". Name one of its steps.`)
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
  readonly code = 'undo-failed'

  constructor(
    readonly stepId: string,
    readonly undone: readonly string[],
    readonly reason: string,
    readonly firstFailure: string | undefined,
  ) {
    super(
      `Undoing the step "${stepId}" failed: ${reason}${firstFailure === undefined ? '' : ` It was undone because of an earlier failure: ${firstFailure}`} Undone so far: ${undone.length === 0 ? 'nothing' : undone.join(', ')}. Put right what the message names and undo again.`,
    )
  }
}
