import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { StepContext } from './kind.ts'

/** Thrown when data would be removed that the owner has not released. */
export class NotReleasedError extends QianyunError {
  override name = 'NotReleasedError'
  readonly code = 'not-released'

  constructor() {
    super(said('not-released'))
  }
}

/** Thrown when data would be removed before the end of its retention. */
export class TooEarlyError extends QianyunError {
  override name = 'TooEarlyError'
  readonly code = 'too-early'

  constructor(readonly notBefore: string) {
    super(said('too-early', { notBefore }))
  }
}

/**
 * Checks the recorded retention and release of the move, which no playbook and no caller can set.
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
