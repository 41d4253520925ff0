import { type InputProblem, QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { isKnown } from '../../domain/words/said.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { catalogued, speak, type Sentence } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'

/** What a command ends with instead of doing its work. The sentence is said in the user's language. */
export abstract class CliError extends QianyunError {
  abstract readonly exitCode: ExitCode

  constructor(readonly sentence: Sentence) {
    super(speak('en', sentence))
  }
}

/** Thrown when the command line, or a file or setting it names, is wrong. */
export class UsageError extends CliError {
  override name = 'UsageError'
  readonly code: string = 'usage'
  readonly exitCode = exitCodes.usage
}

/** Thrown when nothing answers at the server's address, or something else than Qianyun does. */
export class UnreachableError extends CliError {
  override name = 'UnreachableError'
  readonly code = 'unreachable'
  readonly exitCode = exitCodes.unreachable
}

/** Thrown when no token is known, or the server does not accept it. */
export class NotSignedInError extends CliError {
  override name = 'NotSignedInError'
  readonly code = 'not-signed-in'
  readonly exitCode = exitCodes.notSignedIn
}

/** Thrown when something was checked here and found wrong: a digest, a chain, a signature. */
export class CheckFailedError extends CliError {
  override name = 'CheckFailedError'
  readonly exitCode = exitCodes.refused

  constructor(
    readonly code: string,
    sentence: Sentence,
  ) {
    super(sentence)
  }
}

/** The server's problem document (RFC 9457), as far as the program reads it. */
export interface ProblemDocument {
  readonly status: number
  readonly code: string
  readonly title?: string
  readonly detail: string
  readonly values?: Said['values']
  readonly problems?: readonly InputProblem[]
}

/** Thrown when the server refused what was asked. `problem` is its answer. */
export class RefusedError extends CliError {
  override name = 'RefusedError'
  readonly code: string
  readonly exitCode = exitCodes.refused

  constructor(
    readonly problem: ProblemDocument,
    text: Sentence,
  ) {
    super(text)
    this.code = problem.code
  }

  /** The server's answer in words: from the catalogue, or its own sentence where it sent values the catalogue does not know. */
  static of(problem: ProblemDocument): RefusedError {
    const { code, detail, values = {} } = problem
    if (isKnown('zh', { code, values })) return new RefusedError(problem, catalogued({ code, values }))
    return new RefusedError(problem, { message: errorMessages.refused, values: { detail } })
  }
}
