/** One message in both languages; `{name}` stands for a value given when it is said. */
export interface Message {
  readonly en: string
  readonly zh: string
}
export type Language = keyof Message

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

/** The values a message needs, by the names in its English text. */
export type Values<M extends Message> = Readonly<Record<Placeholder<M['en']>, string | number>>
type GivenValues<M extends Message> = [Placeholder<M['en']>] extends [never] ? [] : [values: Values<M>]

export type Say = <const M extends Message>(message: M, ...values: GivenValues<M>) => string

/** A message with its values, for those who know what to say but not yet in which language. */
export interface Sentence {
  readonly message: Message
  readonly values: Readonly<Record<string, string | number>>
}

export function sentence<const M extends Message>(message: M, ...[values]: GivenValues<M>): Sentence {
  return { message, values: values ?? {} }
}

export function speak(language: Language, { message, values }: Sentence): string {
  return message[language].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export function speaker(language: Language): Say {
  return (message, ...[values]) => speak(language, { message, values: values ?? {} })
}
