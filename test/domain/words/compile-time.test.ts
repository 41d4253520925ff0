import { describe, expect, it } from '@jest/globals'

import { words } from '../../../domain/words/message.ts'
import { said, say } from '../../../domain/words/said.ts'

/**
 * What does not compile. `tsc` fails where one of these does; that it is run over this file is what makes it a test, and
 * nothing in here is carried out.
 */
const refusedByTheCompiler = () => [
  // @ts-expect-error: a word that has places is not said without their values
  said('tables-not-followed'),
  // @ts-expect-error: nor with a value missing
  said('migration-over', { system: 'permit-desk' }),
  // @ts-expect-error: nor with a value it has no place for
  said('tables-not-followed', { count: 1, tables: ['a'] }),
  // @ts-expect-error: a word without places takes no values
  said('reverse-slot-missing', { slot: 'a' }),
  // @ts-expect-error: what the catalogue does not have cannot be said
  said('moon-in-the-way'),
  // @ts-expect-error: there are two languages
  say('de', said('reverse-slot-missing')),
  // @ts-expect-error: both languages have the same places
  words({ one: { en: '{a} of {b}', zh: '{b}' } }),
  // @ts-expect-error: and the same optional ones
  words({ one: { en: '{a}[? of {b}]', zh: '{a}：{b}' } }),
  // @ts-expect-error: each message is there in both
  words({ one: { en: '{a}' } }),
]

describe('a word that is said wrongly', () => {
  it('does not compile, and this file is among those compiled', () => {
    expect(refusedByTheCompiler).toBeInstanceOf(Function)
  })
})
