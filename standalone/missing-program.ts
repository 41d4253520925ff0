import { existsSync } from 'node:fs'

import { QianyunError } from '../domain/errors.ts'
import { says } from './sentences.ts'

/** Thrown when a program the set-up provides is not where it puts it. */
export class MissingProgramError extends QianyunError {
  override name = 'MissingProgramError'
  readonly code = 'missing-program'

  constructor(
    readonly program: string,
    readonly path: string,
  ) {
    super(says.missingProgram(program, path))
  }
}

export function assertProgram(program: string, path: string): void {
  if (!existsSync(path)) throw new MissingProgramError(program, path)
}
