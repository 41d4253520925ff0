import { names, sentences } from './catalogue.ts'
import { canSay, nameIn, sayIn } from './fill.js'
import type { GivenMeanings, Language, Message, Said } from './message.ts'

type Sentences = typeof sentences
/** The code of everything the catalogue can say. */
export type Code = keyof Sentences
/** What has to be given to say it. */
export type Given<C extends Code> = GivenMeanings<Sentences[C]>

/** All of it, for `fill.js`. */
export const catalogue = { sentences: sentences as Readonly<Record<string, Message>>, names }

/** One of the catalogue. */
export type Word<C extends Code> = Said & { readonly code: C }

/** What is meant, with the values of its places: this is what travels. */
export function said<const C extends Code>(code: C, ...[values]: Given<C>): Word<C> {
  return { code, values: bounded(values ?? {}) }
}

/** What another program said, in its own language: no sentence of ours. */
export function inForeignWords(text: string): Said {
  return said('foreign-words', { text })
}

/** What is said, in the reader's language. `otherwise` is the text that came along, for what this catalogue cannot say. */
export function say(language: Language, what: Said, otherwise?: string): string {
  return sayIn({ language, catalogue }, what, otherwise)
}

/** What is said in both languages, for texts that are stored as they are. */
export function sayBoth(what: Said): Message {
  return { zh: say('zh', what), en: say('en', what) }
}

/** Whether a value of an unknown kind is what `say` takes. */
export function isSaid(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && 'code' in value && 'values' in value
}

/** Whether this catalogue can say it. */
export function isKnown(language: Language, what: Said): boolean {
  return canSay({ language, catalogue }, what)
}

/** A word of the trade in the reader's language; one that is not known is shown as it came. */
export function nameOf(language: Language, kind: keyof typeof names, name: string): string {
  return nameIn({ language, catalogue }, kind, name)
}

const longestList = 8
const longestText = 600

/** Values that travel through workflows and events stay small: long lists and texts are cut, and say so. */
export function bounded(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (value === undefined) return []
      if (!Array.isArray(value)) return [[name, short(value)]]
      const shown = value.slice(0, longestList).map(short)
      const more = value.length - shown.length
      return [[name, more > 0 ? [...shown, { code: 'and-more', values: { count: more } }] : shown]]
    }),
  )
}

const short = (value: unknown): unknown =>
  typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value
