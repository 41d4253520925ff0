import { fill } from '../../domain/words/fill.js'
import type { GivenValues, Language, Message, Said } from '../../domain/words/message.ts'
import { catalogue, say } from '../../domain/words/said.ts'

export type Say = <const M extends Message>(message: M, ...values: GivenValues<M>) => string

/** A message with its values, for those who know what to say but not yet in which language. */
export interface Sentence {
  readonly message: Message
  readonly values: Readonly<Record<string, unknown>>
}

export function sentence<const M extends Message>(message: M, ...[values]: GivenValues<M>): Sentence {
  return { message, values: values ?? {} }
}

/** What the catalogue says, as a sentence of the command line. */
export function catalogued(what: Said): Sentence {
  return { message: { en: say('en', what), zh: say('zh', what) }, values: {} }
}

export function speak(language: Language, { message, values }: Sentence): string {
  return fill({ language, catalogue }, message[language], values)
}

export function speaker(language: Language): Say {
  return (message, ...[values]) => speak(language, { message, values: values ?? {} })
}
