import { QianyunError, saidBy } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when a schema change is not made. Nothing is changed on either side. */
export class SchemaChangeRefusedError extends QianyunError {
  override name = 'SchemaChangeRefusedError'
  readonly code = 'schema-change-refused'

  constructor(
    readonly problems: readonly Said[],
    options?: ErrorOptions,
  ) {
    super(said('schema-change-refused', { problems }), options)
  }
}

/** Thrown when the side that follows has a schema change and the side that serves may not have it. */
export class SchemaChangeHalfMadeError extends QianyunError {
  override name = 'SchemaChangeHalfMadeError'
  readonly code = 'schema-change-half-made'

  constructor(
    readonly follows: string,
    readonly serves: string,
    options: ErrorOptions,
  ) {
    super(said('schema-change-half-made', { follows, serves, because: saidBy(options.cause) }), options)
  }
}
