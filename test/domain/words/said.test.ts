import { describe, expect, it } from '@jest/globals'

import { fill } from '../../../domain/words/fill.js'
import { words, type Said } from '../../../domain/words/message.ts'
import { nameOf, said, say, inForeignWords } from '../../../domain/words/said.ts'

const catalogue = {
  sentences: words({
    plain: { en: 'Nothing is there.', zh: '没有内容。' },
    list: { en: 'expected one of "{known}", found {count}', zh: '应为“{known}”之一，实际 {count}' },
    late: { en: 'late[?: {reason}].', zh: '滞后[?：{reason}]。' },
  }),
  names: { phase: words({ cutover: { en: 'cutover', zh: '割接' } }) },
}
const zh = { language: 'zh', catalogue } as const
const en = { language: 'en', catalogue } as const

describe('a text with places', () => {
  it.each([
    ['quotes each item of a list', '"{a}"', { a: ['x', 'y'] }, '"x", "y"'],
    ['leaves out an optional part whose value is missing', 'a[? of {b}]', {}, 'a'],
    ['leaves out an optional part whose list is empty', 'a[? of {b}]', { b: [] }, 'a'],
    ['keeps an optional part that has its value', 'a[? of {b}]', { b: 0 }, 'a of 0'],
    ['leaves a place without a value as it is', '{a} and {b}', { a: 1 }, '1 and {b}'],
    ['takes values as they are, whatever is in them', '{a}', { a: '$& {b} [?c]' }, '$& {b} [?c]'],
    ['says the words of the trade by name', '{a:phase}', { a: 'cutover' }, 'cutover'],
    ['shows three places of a fraction', '{a}', { a: 0.40390000000000004 }, '0.403'],
    ['shows a fraction that ends sooner as it is', '{a}', { a: 0.29 }, '0.29'],
    ['does not round up what is not all', '{a} of {b}', { a: 0.99996, b: 1 }, '0.999 of 1'],
    ['shows a word it does not know as it came', '{a:phase}', { a: 'dusting' }, 'dusting'],
  ])('%s', (_, text, values, expected) => {
    expect(fill(en, text, values)).toBe(expected)
  })

  it('joins and quotes as the language does, and says what is said in it', () => {
    expect(fill(zh, '“{a}”，{b:phase}', { a: ['x', 'y'], b: ['cutover', 'dusting'] })).toBe(
      '“x”、“y”，割接、dusting',
    )
    expect(fill(zh, '{why}', { why: { code: 'late', values: { reason: '甲' } } })).toBe('滞后：甲。')
  })
})

describe('what travels', () => {
  it('is said in the language of who reads it', () => {
    const lost = said('tables-not-followed', { count: 3 })
    expect(lost).toEqual({ code: 'tables-not-followed', values: { count: 3 } })
    expect(say('en', lost)).toBe('3 tables are not replicated back')
    expect(say('zh', lost)).toBe('3 张表未同步')
    expect(nameOf('zh', 'step', 'switch-over')).toBe('切换到新侧')
    expect(nameOf('zh', 'step', 'polish')).toBe('polish')
  })

  it('that a newer or an older program sent is shown by the text that came along', () => {
    const newer: Said = { code: 'moon-in-the-way', values: {} }
    const older: Said = { code: 'tables-not-followed', values: {} }
    const within: Said = { code: 'files-not-carried', values: { because: newer } }
    expect(say('zh', newer, 'The moon is in the way.')).toBe('The moon is in the way.')
    expect(say('zh', newer)).toBe('moon-in-the-way')
    expect(say('zh', older, 'Tables are missing.')).toBe('Tables are missing.')
    expect(say('zh', within, 'Files are late.')).toBe('Files are late.')
    expect(say('zh', { code: 'toString', values: {} }, 'No.')).toBe('No.')
  })

  it('ends what another program wrote with a full stop where a sentence follows it, and nothing twice', () => {
    const halfMade = (because: Said) =>
      said('schema-change-half-made', { follows: 'A', serves: 'B', because })
    const foreign = halfMade(inForeignWords('read ECONNRESET'))
    expect(say('en', foreign)).toContain('read ECONNRESET. Remove the cause')
    expect(say('zh', foreign)).toContain('“read ECONNRESET”。请排除原因')
    const whole = halfMade(said('no-decision-in-time'))
    expect(say('en', whole)).toContain('latest rollback time. Remove the cause')
    expect(say('zh', whole)).toContain('没有作出决定。请排除原因')
  })

  it('joins words by commas and clauses by semicolons', () => {
    const reasons = [said('tables-not-followed', { count: 3 }), said('behind', { seconds: 9 })]
    expect(say('en', said('way-back-not-armed', { reasons }))).toContain(
      '3 tables are not replicated back; the old side is 9 s behind.',
    )
    expect(say('zh', said('way-back-not-armed', { reasons }))).toContain('3 张表未同步；旧侧滞后 9 秒。')
    const none = said('no-package-manager', { host: 'old-1', known: ['apt', 'dnf'] })
    expect(say('en', none)).toContain('expected one of apt, dnf.')
  })

  it('stays small, however long a list or a text is', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `table ${String(at)}`)
    const { values } = said('cause-tables-not-copied', { tables: many })
    expect(JSON.stringify(values).length).toBeLessThan(300)
    expect(say('zh', said('cause-tables-not-copied', { tables: many }))).toContain('table 7、另有 4992 项')
    expect(
      say('en', said('files-not-carried', { because: inForeignWords('x'.repeat(9000)) })).length,
    ).toBeLessThan(700)
  })
})
