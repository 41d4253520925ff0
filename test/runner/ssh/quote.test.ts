import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { UnquotableValueError, quote, quoteAll } from '../../../runner/ssh/quote.ts'

const nasty = [
  '',
  ' ',
  '\n',
  '\t',
  "'",
  '"',
  "''",
  "'\\''",
  '\\',
  '\\\\',
  '$HOME',
  '${HOME}',
  '$(id)',
  '`id`',
  '!!',
  '!x',
  '#x',
  '~',
  '~root',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  ';id',
  '&& id',
  '|| id',
  '| id',
  '> /tmp/x',
  '< /etc/passwd',
  '-n',
  '-e',
  '--',
  '-rf',
  '=',
  'a=b',
  'x\ny',
  'x\r\ny',
  '\n\n',
  'trailing\n',
  '政务',
  '❌',
  '\u202e',
  '\u2028',
  '%s',
  '%n',
  '\u0007',
  '\u001b[31m',
  'a\'b"c`d$e\\f',
  "'; rm -rf /; '",
  '$(reboot)',
  '<(id)',
  '\\n',
  '\\0',
  '/../..',
  'if',
  'done',
  '!',
  '(',
  ')',
  '))',
  '$$',
  '$!',
  '$@',
  "$'x'",
  '\u007f',
  '\u0080',
]

const shells = ['dash', 'bash', 'sh'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0)

describe.each(shells)('quoted for %s', (shell) => {
  function readBack(values: readonly string[]): string[] {
    const script = `for word in ${quoteAll(values)}; do printf '%s\\0' "$word"; done`
    const { stdout } = spawnSync(shell, ['-c', script], { env: { ...process.env, LC_ALL: 'C' } })
    return stdout.toString('utf8').split('\0').slice(0, -1)
  }

  it('reads every nasty value back as it was', () => {
    expect(readBack(nasty)).toEqual(nasty)
  })

  it('reads any text back as it was', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'))
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 60 }), (values) => {
        expect(readBack(values)).toEqual(values)
      }),
      { numRuns: 60 },
    )
  })

  it('survives being quoted twice, as a script inside a script', () => {
    const inner = `printf '%s\\0' ${quoteAll(nasty)}`
    const { stdout } = spawnSync(shell, ['-c', `sh -c ${quote(inner)}`])
    expect(stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(nasty)
  })
})

it('leaves plain words readable', () => {
  expect(quoteAll(['cp', '-a', '/srv/desk/app.js', 'user@host:22', 'a b'])).toBe(
    "cp -a /srv/desk/app.js user@host:22 'a b'",
  )
})

it.each([
  ['a NUL byte', 'a\0b'],
  ['half of a character', 'a\ud800b'],
])('refuses %s', (_name, value) => {
  expect(() => quote(value)).toThrow(UnquotableValueError)
})
