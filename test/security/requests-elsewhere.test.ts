import { describe, expect, it } from '@jest/globals'
import { WriteProbe } from '../../domain/plan/write-probe.ts'
import { Visit } from '../../runner/http/visit.ts'
import { HttpCheckParams } from '../../runner/steps/http-check/params.ts'

/* Whoever answers a write probe, or writes a playbook, wants a secret sent to a server of their own. */

const base = 'https://permits.test:8443'
const answered = (fields: object) => ({
  status: 200,
  headers: {},
  cookies: new Map<string, string>(),
  body: JSON.stringify(fields),
})

function visitAfter(fields: object): Visit {
  const visit = new Visit({ url: `${base}/app`, timeoutMs: 1, secrets: { token: 's' }, unique: 'u' })
  visit.takeFields(answered(fields))
  return visit
}

describe('what a server has answered', () => {
  it.each([
    { a: '', b: 'elsewhere.test' },
    { a: '/elsewhere.test', b: '' },
    { a: '\\\\elsewhere.test', b: '' },
    { a: '\t', b: '/elsewhere.test' },
    { a: '..', b: '@elsewhere.test' },
    { a: '', b: 'elsewhere.test:8443' },
  ])('leads no request to another server: %j', (fields) => {
    expect(new URL(visitAfter(fields).urlOf('/{a}/{b}')).origin).toBe(base)
    expect(new URL(visitAfter(fields).urlOf('/{b}{a}')).origin).toBe(base)
  })

  it('stands for no secret, and is not filled in anew', () => {
    expect(visitAfter({ token: 'theirs', id: '{token}' }).urlOf('/x/{id}')).toBe(`${base}/x/%7Btoken%7D`)
  })
})

describe('a request with secrets', () => {
  const probe = { path: '/notes', body: '{"n":"{unique}"}', readPath: '/notes' }
  const secrets = { token: 'probe-token' }

  it.each(['Host', 'host', 'X-Forwarded-Host', 'forwarded'])(
    'names no other host behind the address by "%s"',
    (name) => {
      const headers = { Authorization: 'Bearer {token}', [name]: 'elsewhere.test' }
      const says = /must leave out "Host"/
      const check = HttpCheckParams.safeParse({ url: base, secrets, headers })
      expect(check.error?.issues[0]?.message).toMatch(says)
      expect(WriteProbe.safeParse({ ...probe, secrets, headers }).error?.issues[0]?.message).toMatch(says)
      const before = [{ path: '/login', headers: { [name]: 'elsewhere.test' } }]
      expect(WriteProbe.safeParse({ ...probe, secrets, before }).error?.issues[0]?.message).toMatch(says)
    },
  )

  it('may name one where it has no secret', () => {
    expect(HttpCheckParams.safeParse({ url: base, headers: { Host: 'permits.test' } }).success).toBe(true)
    expect(WriteProbe.safeParse({ ...probe, headers: { Host: 'permits.test' } }).success).toBe(true)
  })

  it('takes no line break into a header line', () => {
    const headers = { Authorization: 'Bearer {token}\r\nX-Other: 1' }
    expect(HttpCheckParams.safeParse({ url: base, secrets, headers }).success).toBe(false)
    expect(WriteProbe.safeParse({ ...probe, secrets, headers }).success).toBe(false)
  })
})
