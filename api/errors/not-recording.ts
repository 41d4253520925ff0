import { QianyunError } from '../../domain/errors.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import type { NotRecording } from '../../storage/recording.ts'

/** Thrown when the database of the product takes nothing: it is away, read-only, or its disk is full. */
export class NotRecordingError extends QianyunError {
  override name = 'NotRecordingError'
  readonly code = 'not-recording'
  readonly sinceMs: number

  constructor({ sinceMs, reason }: NotRecording) {
    super(said('not-recording', { since: new Date(sinceMs).toISOString(), reason: inForeignWords(reason) }))
    this.sinceMs = sinceMs
  }
}
