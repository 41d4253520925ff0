import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { StepContext } from './kind.ts'

/** Thrown when something would be disposed of that nobody has released. */
export class NotReleasedError extends QianyunError {
  override name = 'NotReleasedError'
  readonly code = 'not-released'

  constructor() {
    super(said('not-released'))
  }
}

/** Thrown when something would be disposed of before its date. */
export class TooEarlyError extends QianyunError {
  override name = 'TooEarlyError'
  readonly code = 'too-early'

  constructor(readonly notBefore: string) {
    super(said('too-early', { notBefore }))
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
