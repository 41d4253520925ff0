import { describe, expect, it } from '@jest/globals'

import { sentences as startSentences } from '../../standalone/sentences.ts'
import { sentences as setUpSentences } from '../../standalone/setup/words.mjs'
import { englishIn, withoutCommands } from '../support/in-chinese.ts'

/** A sentence with something in each of its places; a list says what a text would. */
function filled(sentence: unknown): string {
  if (typeof sentence === 'string') return sentence
  if (typeof sentence === 'function')
    return String((sentence as (...given: unknown[]) => unknown)(...places()))
  return Object.values(sentence as Record<string, string>).join('\n')
}

const places = () => Array.from({ length: 6 }, () => ['x'])

/** Names and what is typed are the same in both languages. */
const named = new Set(['temporal', 'at', 'unknownFlag'])

describe.each([
  ['a start', startSentences],
  ['the set-up', setUpSentences],
])('what %s says', (_, { en, zh }) => {
  it('has the same sentences in both languages', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en))
  })

  it('is Chinese in each of them', () => {
    const untranslated = Object.entries(zh).flatMap(([name, sentence]) => {
      const text = filled(sentence)
      const isChinese = /[\u3400-\u9fff]/.test(text) || named.has(name)
      const english = englishIn(withoutCommands(text))
      return isChinese && english === undefined ? [] : [{ name, text, english }]
    })

    expect(untranslated).toEqual([])
  })
})
