import { QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, type Word } from '../../domain/words/said.ts'

/** Thrown when there is no such task in a move. */
export class UnknownTaskError extends QianyunError {
  override name = 'UnknownTaskError'
  readonly code = 'unknown-task'

  constructor(
    readonly migration: string,
    readonly task: string,
  ) {
    super(said('unknown-task', { task, migration }))
  }
}

/** Thrown when a signature is not what was asked for: another key, another text, or not a signature at all. */
export class SignatureRefusedError extends QianyunError {
  override name = 'SignatureRefusedError'
  readonly code: 'no-key' | 'other-key' | 'other-text' | 'other-digest' | 'wrong-signature'

  constructor(what: Word<SignatureRefusedError['code']>) {
    super(what)
    this.code = what.code
  }
}

/** Thrown when a playbook was asked about, or was to be run, and the runner refuses it. */
export class PlaybookFailedError extends QianyunError {
  override name = 'PlaybookFailedError'

  readonly code: string

  constructor(what: Said & { readonly message: string }) {
    super(what)
    this.code = what.code
  }
}
