import type { Language, Message, Said } from './message.ts'

/** Whose words are said, and in which language. */
export interface Voice {
  readonly language: Language
  readonly catalogue: {
    readonly sentences: Readonly<Record<string, Message>>
    readonly names: Readonly<Record<string, Readonly<Record<string, Message>>>>
  }
}

/** A text of one language with its values. A place that has none stays as it is. */
export function fill(voice: Voice, text: string, values: Readonly<Record<string, unknown>>): string

/** A word of the trade; one that is not known is shown as it came. */
export function nameIn(voice: Voice, kind: string, name: string): string

/** Whether the catalogue has the word, and the word all values it needs. */
export function canSay(voice: Voice, said: Said): boolean

/** What is said, from the catalogue; `otherwise`, the text that came along, where the catalogue cannot say it. */
export function sayIn(voice: Voice, said: Said, otherwise?: string): string
