import { expect } from '@jest/globals'
import { sentences } from '../../domain/words/catalogue.ts'

/** English that is no name: what is quoted, in brackets, a command to type or an identifier stays as it is. */
export function englishIn(text: string): string | undefined {
  const read = text
    .replaceAll(/npx qianyun.*|https?:\S+|sha256:\S+|--?[a-z-]+/g, '')
    .replaceAll(/[“"「（(][^”"」）)]*[”"」）)]/g, '')
  return /[A-Za-z]{2,} [a-z]{2,}( [a-z]{2,})?/.exec(read)?.[0]
}

/** A text without the commands in it that a person is to type. */
export function withoutCommands(text: string): string {
  return text.replaceAll(
    /(npm|node|npx|sudo|env|pip|kill|chmod|userdel|apt-get|[A-Z_]+=\/\S+ npm) [^，。；：）\n]*/g,
    '',
  )
}

/** Codes of the catalogue that no reader knows. */
const codesIn = (text: string): readonly string[] =>
  Object.keys(sentences).filter(
    (code) => code.includes('-') && new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text),
  )

export function expectChinese(text: string): void {
  const read = text.replaceAll(/npx qianyun.*/g, '')
  expect({ english: englishIn(text), codes: codesIn(read) }).toEqual({ english: undefined, codes: [] })
}
