import { QianyunError } from '../../domain/errors.ts'
import type { StepContext } from './kind.ts'

/** Thrown when something would be disposed of that nobody has released. */
export class NotReleasedError extends QianyunError {
  override name = 'NotReleasedError'
  readonly code = 'not-released'

  constructor() {
    super(
      'No release of the old side by its owner is on record. What was left is disarmed and wiped only when a move closes, its retention over and its old side released in writing.',
    )
  }
}

/** Thrown when something would be disposed of before its date. */
export class TooEarlyError extends QianyunError {
  override name = 'TooEarlyError'
  readonly code = 'too-early'

  constructor(readonly notBefore: string) {
    super(
      `Nothing is disarmed or wiped before "${notBefore}": until then old data and way back are kept, whoever asks. Run the step again after that date.`,
    )
  }
}

/**
 * The time is the move's record, which no playbook and no caller chooses.
 * @returns the instant until which the old side had to be kept, ISO 8601
 * @throws NotReleasedError TooEarlyError
 */
export async function assertReleased(context: Pick<StepContext, 'retention'>): Promise<string> {
  const retention = await context.retention()
  if (retention?.release === undefined) throw new NotReleasedError()
  const keptUntil = new Date(retention.untilMs).toISOString()
  if (Date.now() < retention.untilMs) throw new TooEarlyError(keptUntil)
  return keptUntil
}
