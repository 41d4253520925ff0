import { describe, expect, it } from '@jest/globals'
import { said } from '../../../domain/words/said.ts'
import { Redactor } from '../../../runner/run/redactor.ts'

function redactorOf(value: string): Redactor {
  const redactor = new Redactor()
  redactor.learn('login', value)
  return redactor
}

describe('a secret of several lines', () => {
  const line = '70ab5cf0ea82&<"51c762'

  it.each([
    ['markup', line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    ['JSON', JSON.stringify(line)],
    ['a URL', encodeURIComponent(line)],
    ['base64', Buffer.from(line).toString('base64')],
  ])('is hidden where a program prints one line of it as %s', (_, printed) => {
    const clean = redactorOf(`first\n${line}\nlast`).text(`found ${printed} there`)
    expect(clean).toMatch(/^found "?\[secret login\]"? there$/)
  })
})

describe('a secret in a text that was cut', () => {
  it('is hidden as far as it is there, in whatever form', () => {
    const secret = '密码a1b2c3d4e5f60718293a4b5c'
    for (const form of [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)]) {
      const { values } = said('foreign-words', { text: `${'e'.repeat(600 - 14)} ${form}` })
      const clean = redactorOf(secret).json(values)
      expect(clean).toEqual({ text: expect.stringMatching(/^e+ \[secret login\]…$/) })
    }
  })

  it('is not found in other texts that were', () => {
    expect(redactorOf('swordfish').text('words… and sword… and more')).toBe(
      'words… and [secret login]… and more',
    )
  })
})
