/**
 * One message in both languages. `{name}` stands for a value, `{name:kind}` for a value that is itself a word of the trade
 * (`{phase:phase}`), `[? … ]` for a part that is left out when a value in it is missing. Quotation marks around a place go
 * around each item where the value is a list. `{name:sentences}` stands for whole sentences, which no comma joins.
 */
export interface Message {
  readonly en: string
  readonly zh: string
}
export type Language = keyof Message

/** What can be put in a place: a text, a number, something that is itself said in the reader's language, a list of these. */
export type Value = One | readonly One[]
type One = string | number | boolean | Said

/**
 * What travels: what is meant, by its code in the catalogue, with the values of its places. Whoever shows it says it in
 * the reader's language. What arrives may come from a newer or an older program, so its values are taken as they are.
 */
export interface Said {
  readonly code: string
  readonly values: Readonly<Record<string, unknown>>
  /** What is said in its place by a catalogue that does not know the code: the sentence of a family's rule. */
  readonly text?: Message
}

type NameOf<Place extends string> = Place extends `${infer Name}:${string}` ? Name : Place
type Places<Text extends string> = Text extends `${string}{${infer Place}}${infer Rest}`
  ? NameOf<Place> | Places<Rest>
  : never
type Outside<Text extends string> = Text extends `${infer Before}[?${string}]${infer Rest}`
  ? `${Before}${Outside<Rest>}`
  : Text
type Inside<Text extends string> = Text extends `${string}[?${infer Part}]${infer Rest}`
  ? `${Part}${Inside<Rest>}`
  : ''

/** Places of these names hold whole clauses: a text there would be read in English by everybody. */
type Clause =
  'reason' | 'reasons' | 'because' | 'cause' | 'problem' | 'problems' | 'why' | 'finding' | 'firstFailure'

/**
 * What a place takes. A clause is itself said in the reader's language (`inForeignWords` for what another program wrote);
 * between quotation marks, or with a kind, it is a text.
 */
type In<Text extends string, Place extends string> = Place extends Clause
  ? Text extends `${string}"{${Place}}"${string}` | `${string}{${Place}:${string}`
    ? Value
    : Said | readonly Said[]
  : Value

/** The values a message needs and those it may have, by the names of its places. */
export type Values<M extends Message> = Readonly<
  Record<Places<Outside<M['en']>>, Value> & Partial<Record<Places<Inside<M['en']>>, Value | undefined>>
>
/** The same, of a message that travels before anybody knows in which language it is read. */
type MeantValues<M extends Message> = Readonly<
  { [Place in Places<Outside<M['en']>>]: In<M['en'], Place> } & {
    [Place in Places<Inside<M['en']>>]?: In<M['en'], Place> | undefined
  }
>
export type GivenMeanings<M extends Message> = [Places<M['en']>] extends [never]
  ? []
  : [Places<Outside<M['en']>>] extends [never]
    ? [values?: MeantValues<M>]
    : [values: MeantValues<M>]
export type GivenValues<M extends Message> = [Places<M['en']>] extends [never]
  ? []
  : [Places<Outside<M['en']>>] extends [never]
    ? [values?: Values<M>]
    : [values: Values<M>]

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Checked<M extends Message> =
  Same<Places<Outside<M['en']>>, Places<Outside<M['zh']>>> extends true
    ? Same<Places<Inside<M['en']>>, Places<Inside<M['zh']>>> extends true
      ? M
      : Differs
    : Differs
interface Differs {
  readonly en: string
  readonly zh: 'has other places than the English text'
}

/** A section of messages. One whose languages have different places does not compile. */
export function words<const W extends Readonly<Record<string, Message>>>(
  section: W & { readonly [K in keyof W]: Checked<W[K]> },
): W {
  return section
}
