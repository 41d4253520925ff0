import { names, sentences } from '../domain/words/catalogue.ts'
import { sayIn } from '../domain/words/fill.js'

const catalogue = { names, sentences }

/** What the server means by code and values, in the reader's language. */
export function sayAll({ language }, all) {
  return all.map((said) => sayIn({ language, catalogue }, said)).join(language === 'zh' ? '、' : ', ')
}
