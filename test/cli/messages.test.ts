import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { chooseLanguage } from '../../cli/language/choose.ts'
import { sentence, speak, speaker } from '../../cli/language/message.ts'
import { sentences } from '../../domain/words/catalogue.ts'

const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'cli', 'messages')

interface Found {
  readonly name: string
  readonly en: unknown
  readonly zh: unknown
}

/** Every message in a module's exports, however deep. */
function messagesIn(value: unknown, name: string): Found[] {
  if (value === null || typeof value !== 'object') return []
  if ('en' in value || 'zh' in value) {
    return [{ name, en: 'en' in value ? value.en : undefined, zh: 'zh' in value ? value.zh : undefined }]
  }
  return Object.entries(value).flatMap(([key, inner]) => messagesIn(inner, `${name}.${key}`))
}

const placeholders = (text: unknown): string[] =>
  [...String(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort()

const modules = readdirSync(folder).filter((file) => file.endsWith('.ts'))

describe('messages', () => {
  it.each(modules)('of %s are there in both languages, with the same values', async (file) => {
    const found = messagesIn(await import(join(folder, file)), file)
    expect(found.length).toBeGreaterThan(0)
    for (const { name, en, zh } of found) {
      expect({ name, en, zh }).toEqual({
        name,
        en: expect.stringMatching(/\S/),
        zh: expect.stringMatching(/\S/),
      })
      expect({ name, values: placeholders(zh) }).toEqual({ name, values: placeholders(en) })
    }
  })

  it.each(['messages'])(
    'of the page (%s) are there in both languages, with the same values',
    async (part) => {
      const page = (await import(join(repository, 'console', 'text.js'))) as Readonly<Record<string, unknown>>
      const found = messagesIn(page[part], part)
      expect(found.length).toBeGreaterThan(30)
      for (const { name, en, zh } of found) {
        expect({ name, en, zh }).toEqual({
          name,
          en: expect.stringMatching(/\S/),
          zh: expect.stringMatching(/\S/),
        })
        expect({ name, values: placeholders(zh) }).toEqual({ name, values: placeholders(en) })
      }
    },
  )

  it('say in Chinese what every code of the rules and of the API means', () => {
    const rules = 'domain/move/rules'
    const sources = [
      ...readdirSync(join(repository, rules)).flatMap((file) =>
        // What a move waits for is no refusal.
        file === 'waiting-for.ts' ? [] : [join(rules, file)],
      ),
      'domain/move/signoff.ts',
      ...readdirSync(join(repository, 'api/errors')).map((file) => join('api/errors', file)),
      'moves/errors.ts',
      'api/http/problem.ts',
    ]
    const codes = sources.flatMap((source) => {
      const text = readFileSync(join(repository, source), 'utf8')
      const found = text.matchAll(/(?:refuse\(\s*|said\(\s*|code: |code = )'([a-z]+(?:-[a-z]+)+)'/g)
      return [...found].map(([, code]) => code ?? '')
    })
    expect(codes.length).toBeGreaterThan(40)
    expect(codes.filter((code) => !(code in sentences))).toEqual([])
  })

  it('put values in their places, and leave a place that has none as it is', () => {
    const message = { en: '{a} and {b}, {a}', zh: '{b}与{a}' } as const
    expect(speaker('en')(message, { a: 1, b: 'two' })).toBe('1 and two, 1')
    expect(speak('zh', sentence(message, { a: '$&', b: '{a}' }))).toBe('{a}与$&')
    expect(speak('en', { message, values: { a: 1 } })).toBe('1 and {b}, 1')
  })
})

describe('the language', () => {
  it.each([
    ['the flag over everything', ['--lang', 'zh'], { QIANYUN_LANG: 'en', LANG: 'en_US.UTF-8' }, 'zh'],
    ['the flag with an equals sign', ['--lang=en'], { LANG: 'zh_CN.UTF-8' }, 'en'],
    ['QIANYUN_LANG over the locale', [], { QIANYUN_LANG: 'zh', LC_ALL: 'en_US.UTF-8' }, 'zh'],
    ['LC_ALL over LANG', [], { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }, 'zh'],
    ['LANG', [], { LANG: 'zh_TW.UTF-8' }, 'zh'],
    ['English where nothing says Chinese', [], { LANG: 'de_DE.UTF-8' }, 'en'],
    ['English where nothing is said', [], {}, 'en'],
  ] as const)('follows %s', (_, args, variables, expected) => {
    expect(chooseLanguage(args, variables)).toBe(expected)
  })
})
