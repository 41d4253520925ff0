import type { Answer } from '../../test/support/open-api.ts'
import type { Dice } from '../dice.ts'
import type { HostileRoom } from './room.ts'

/** What came of some attacks of one kind. */
export interface Tried {
  readonly attacks: number
  /** One line for each that took more than was given, or that the product did not answer as it should. */
  readonly succeeded: readonly string[]
}

/** One kind of attack, each time with other dice. */
export type Attack = (room: HostileRoom, dice: Dice) => Promise<Tried>

/** A refusal is a clear one: a problem document of a status from 400 to 499. */
export function isRefused({ status, headers }: Answer): boolean {
  return status >= 400 && status < 500 && headers.get('content-type')?.includes('problem+json') === true
}

/** The attacks that were not refused. */
export function unlessRefused(answers: readonly { readonly what: string; readonly answer: Answer }[]): Tried {
  const taken = answers.filter(({ answer }) => !isRefused(answer))
  return {
    attacks: answers.length,
    succeeded: taken.map(
      ({ what, answer }) => `${what}: ${String(answer.status)} ${answer.text.slice(0, 300)}`,
    ),
  }
}
