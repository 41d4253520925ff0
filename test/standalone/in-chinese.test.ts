import { describe, expect, it } from '@jest/globals'

import { sentences as demoSentences } from '../../lab/demo/sentences.ts'
import { sentences as labSentences } from '../../lab/sentences.ts'
import { sentences as startSentences } from '../../standalone/sentences.ts'
import chooseLanguage from '../../standalone/setup/language.cjs'
import { sentences as setUpSentences } from '../../standalone/setup/words.mjs'
import { englishIn, withoutCommands } from '../support/in-chinese.ts'

/** Each sentence by its name, with something in each of its places; a list says what a text would. */
function filled(sentences: object, prefix = ''): [name: string, text: string][] {
  return Object.entries(sentences).flatMap(([key, sentence]: [string, unknown]) => {
    const name = `${prefix}${key}`
    if (typeof sentence === 'string') return [[name, sentence]]
    if (typeof sentence === 'function')
      return [[name, String((sentence as (...given: unknown[]) => unknown)(...places()))]]
    return filled(sentence as object, `${name}.`)
  })
}

const places = () => Array.from({ length: 6 }, () => ['x'])

/** Names and what is typed are the same in both languages. */
const named = new Set([
  ...['temporal', 'at', 'unknownFlag', 'purposes.temporal', 'purposes.postgres'],
  ...['place', 'ofRoles'],
])

describe.each([
  ['a start', startSentences],
  ['the set-up', setUpSentences],
  ['the demo', demoSentences],
  ['the lab', labSentences],
])('what %s says', (_, { en, zh }) => {
  it('has the same sentences in both languages', () => {
    const names = (sentences: object) => filled(sentences).map(([name]) => name)

    expect(names(zh)).toEqual(names(en))
  })

  it('is Chinese in each of them', () => {
    const untranslated = filled(zh).flatMap(([name, text]) => {
      const isChinese = /[\u3400-\u9fff]/.test(text) || named.has(name)
      const english = englishIn(withoutCommands(text))
      return isChinese && english === undefined ? [] : [{ name, text, english }]
    })

    expect(untranslated).toEqual([])
  })
})

it.each([
  [['start', '--lang', 'en'], { QIANYUN_LANG: 'zh' }, 'en'],
  [['start'], { QIANYUN_LANG: 'zh_CN', LC_ALL: 'C.UTF-8' }, 'zh'],
  [['start'], { QIANYUN_LANG: 'en', LANG: 'zh_CN.UTF-8' }, 'en'],
  [['start'], { QIANYUN_LANG: '', LANG: 'zh_CN.UTF-8' }, 'zh'],
] as const)('%j with %j speaks %s, as the command line does', (args, env, language) => {
  expect(chooseLanguage([...args], env)).toBe(language)
})
