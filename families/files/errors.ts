import { QianyunError } from '../../domain/errors.ts'

/** Thrown when a path leads by a link to a place that is not wiped on anybody's word. */
export class PathTooShallowError extends QianyunError {
  override name = 'PathTooShallowError'
  readonly code = 'path-too-shallow'

  constructor(
    readonly path: string,
    readonly place: string,
  ) {
    super(
      `"${path}" leads to "${place}", expected a place at least two levels below the root. Name the folders below it that belong to the system.`,
    )
  }
}

/** Thrown when not one file lies below the paths of a wipe: a proof would say that nothing is left of nothing. */
export class NothingToWipeError extends QianyunError {
  override name = 'NothingToWipeError'
  readonly code = 'nothing-to-wipe'

  constructor(readonly paths: readonly string[]) {
    super(
      `Below ${paths.map((path) => `"${path}"`).join(', ')} there is no file, expected at least one. Correct the paths or mount the disk; where they are empty rightly, say so with "mayBeEmpty: true".`,
    )
  }
}
