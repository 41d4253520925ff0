import { describe, expect, it } from '@jest/globals'
import { HttpCheckFailedError } from '../../../runner/http/check.ts'
import { implementation as httpCheck } from '../../../runner/steps/http-check/index.ts'
import { HttpCheckParams } from '../../../runner/steps/http-check/params.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import { stepContext } from '../../support/step-context.ts'
import { serveHttp } from '../../support/http-server.ts'

async function check(params: Record<string, unknown>, given: Partial<Pick<StepContext, 'secret'>> = {}) {
  const parsed = HttpCheckParams.parse(params)
  return httpCheck.carryOut?.(parsed, null, [], { ...stepContext(), ...given })
}

async function failureOf(params: Record<string, unknown>): Promise<HttpCheckFailedError> {
  const error: unknown = await check(params).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(HttpCheckFailedError)
  return error as HttpCheckFailedError
}

describe('http-check', () => {
  it('asks again until the answer is as expected', async () => {
    let asked = 0
    await using server = await serveHttp((_request, response) => {
      asked += 1
      response.end(JSON.stringify({ status: asked < 3 ? 'starting' : 'ok', permits: [1, 2] }))
    })
    const result = await check({
      url: server.url,
      expect: 'json.status == "ok" && json.permits.size() == 2 && status == 200',
      attempts: 5,
      intervalMs: 1,
    })
    expect(result).toMatchObject({ status: 200, attempts: 3 })
  })

  it.each([
    ['a status that is not expected', { status: 201 }, 'the status is 200, expected is 201'],
    ['a text that is not there', { contains: 'absent' }, 'the body does not contain "absent"'],
    ['an expression that is false', { expect: 'json.n > 2' }, '"json.n > 2" is false'],
    ['an expression about what is not there', { expect: 'json.x == 1' }, 'No such key: x'],
  ])('says what it found instead: %s', async (_what, expectation, finding) => {
    await using server = await serveHttp((_request, response) => response.end('{"n":2}'))
    expect((await failureOf({ url: server.url, ...expectation })).message).toContain(finding)
  })

  it('says what a body is, never what is in it', async () => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end('{"name":"Zhang San","idNumber":"110101199003070000"}')
    })
    for (const expectation of [
      { contains: 'absent' },
      { expect: 'json.x == 1' },
      { expect: 'status == 2' },
    ]) {
      const { message } = await failureOf({ url: server.url, ...expectation })
      expect(message).toContain('the body is 52 bytes of "application/json" with the keys name, idNumber')
      expect(message).not.toMatch(/Zhang|110101/)
    }
  })

  it('sends secrets in header lines and bodies, each asked for at the address it is sent to', async () => {
    const asked: unknown[] = []
    await using server = await serveHttp((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const types = request.rawHeaders.filter((name) => name.toLowerCase() === 'content-type')
        const isRight =
          request.headers['x-token'] === 'a"b' &&
          body === '{"token":"a\\"b"}' &&
          types.length === 1 &&
          request.headers['content-type'] === 'application/merge-patch+json'
        response.writeHead(isRight ? 204 : 400).end()
      })
    })
    const result = await check(
      {
        url: server.url,
        method: 'PATCH',
        headers: { 'X-Token': '{token}', 'Content-Type': 'application/merge-patch+json' },
        body: '{"token":"{token}"}',
        secrets: { token: 'permit-probe' },
      },
      {
        secret: async (name, use) => {
          asked.push({ name, ...use })
          return Promise.resolve('a"b')
        },
      },
    )
    expect(result).toMatchObject({ status: 204 })
    expect(asked).toEqual([
      { name: 'permit-probe', purpose: 'http-request', address: new URL(server.url).host },
    ])
  })

  it('tells silence from refusal', async () => {
    await using server = await serveHttp((request) => request.resume())
    expect((await failureOf({ url: server.url, timeoutMs: 50 })).message).toContain(
      'there was no answer within 50 ms',
    )
    expect((await failureOf({ url: 'http://127.0.0.1:9' })).message).toContain('ECONNREFUSED')
  })

  it('refuses parameters that cannot work', () => {
    const parsed = HttpCheckParams.safeParse({ url: 'ftp://x', expect: 'json.n >', attempts: 0 })
    expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual(['url', 'expect', 'attempts'])
  })

  it('asks a person before it repeats a request that may have changed something', () => {
    const url = 'http://permits.test/'
    expect(httpCheck.interrupted(HttpCheckParams.parse({ url }))).toBe('plan-again')
    expect(httpCheck.interrupted(HttpCheckParams.parse({ url, method: 'POST' }))).toBe('ask')
  })

  it('plans one procedure that says what it waits for', () => {
    const params = HttpCheckParams.parse({ url: 'http://permits.test/', contains: 'ok', attempts: 3 })
    expect(httpCheck.plan(params, null)).toEqual([
      {
        do: 'procedure',
        name: 'http-check',
        changesNothing: true,
        title: 'GET http://permits.test/ until the status is 2xx and the body contains "ok", at most 3 times',
      },
    ])
  })
})
