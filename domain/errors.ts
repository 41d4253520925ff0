import type { Said } from './words/message.ts'
import type { inputs } from './words/names.ts'
import { inForeignWords, said, say } from './words/said.ts'

/**
 * The root of every error the product explains to a person. `code` is stable, kebab-case, and the same in the API's
 * problem documents, the CLI's `--json` output and the audit log. `message` is English, for logs.
 */
export abstract class QianyunError extends Error {
  abstract readonly code: string
  /**
   * What is meant, for whoever shows it in the reader's language. Undefined in an error of a terminal, which says its
   * sentence itself.
   */
  readonly told: Said | undefined

  /** `message` is the sentence that came along with a word from another program. */
  constructor(what: (Said & { readonly message?: string }) | string, options?: ErrorOptions) {
    super(typeof what === 'string' ? what : say('en', what, what.message), options)
    this.told = typeof what === 'string' ? undefined : { code: what.code, values: what.values }
  }
}

/** What an error says inside the word of another: its own word, or the sentence of one that has none. */
export function saidBy(error: unknown): Said {
  return (error instanceof QianyunError ? error.told : undefined) ?? inForeignWords(messageOf(error))
}

const longestSentence = 2000

/** The sentence of whatever was thrown, in English. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A sentence that travels through workflows and events: one that is too long is cut, and says so. */
export function shortened(sentence: string): string {
  if (sentence.length <= longestSentence) return sentence
  return `${sentence.slice(0, longestSentence)}… (${String(sentence.length)} characters in all)`
}

/** What an input is called; one with a name of its own is a word with that name. */
export type Input = keyof typeof inputs

/** Thrown at a door when input does not fit its schema. `problems` holds every problem found, not only the first. */
export class InvalidInputError extends QianyunError {
  override name = 'InvalidInputError'
  readonly code = 'invalid-input'

  constructor(
    readonly what: Input | Said,
    readonly problems: readonly InputProblem[],
  ) {
    // All of them: what reaches a workflow is bounded where it is thrown.
    super({ code: 'invalid-input', values: { what, problems: problemsSaid(problems) } })
  }
}

/** One problem of an input: `path` is dotted (`hosts.0.address`), empty for the whole. */
export interface InputProblem {
  readonly path: string
  /** In English. */
  readonly message: string
  /** The same, for whoever shows it in the reader's language. */
  readonly said: Said
}

/** A problem that the catalogue says. */
export function problemAt(path: string, what: Said): InputProblem {
  return { path, message: say('en', what), said: what }
}

/** Problems as the values of a sentence. */
export function problemsSaid(problems: readonly InputProblem[]): readonly Said[] {
  return problems.map(({ path, said: problem }) =>
    path === '' ? problem : said('at-path', { path, problem }),
  )
}
