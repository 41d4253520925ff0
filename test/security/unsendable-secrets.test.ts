import { describe, expect, it } from '@jest/globals'
import { say } from '../../domain/words/said.ts'
import { HeaderNotSendableError } from '../../runner/http/header-lines.ts'
import { prepareWrite, proveWrites, type PublicWrite } from '../../runner/http/write-probe.ts'
import { implementation as httpCheck } from '../../runner/steps/http-check/index.ts'
import { HttpCheckParams } from '../../runner/steps/http-check/params.ts'
import { serveHttp } from '../support/http-server.ts'
import { stepContext } from '../support/step-context.ts'

/** What people keep as a secret: with the line break of an editor in it, in Chinese, or cut off by a byte that is none. */
const unsendable = ['geheim\nX-Admin: yes', 'geheim\r\n\r\nGET /admin', '密geheim', 'geheim\u0000']

async function refusalOf(work: Promise<unknown>): Promise<HeaderNotSendableError> {
  const error: unknown = await work.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(HeaderNotSendableError)
  return error as HeaderNotSendableError
}

function expectToTellNoSecret({ message, told, header, value }: HeaderNotSendableError): void {
  expect([header, value]).toEqual(['Authorization', 'token'])
  const zh = say('zh', told ?? { code: '', values: {} })
  expect(message).toContain('"Authorization" cannot carry the value of "token"')
  expect(zh).toContain('无法携带“token”的值')
  for (const text of [message, zh]) expect(text).not.toMatch(/geheim|Admin|GET|密(?!钥)/)
}

describe.each(unsendable)('a secret that no header line can carry: %j', (secret) => {
  it('is told by its name, and no request with it is sent, nor one before it', async () => {
    let asked = 0
    await using server = await serveHttp((_request, response) => {
      asked += 1
      response.end('{}')
    })
    const headers = { Authorization: 'Bearer {token}' }
    const params = HttpCheckParams.parse({ url: server.url, headers, secrets: { token: 'kept' } })
    const context = { ...stepContext(), secret: async () => secret }
    expectToTellNoSecret(await refusalOf(Promise.resolve(httpCheck.carryOut?.(params, null, [], context))))

    const probe: PublicWrite = {
      ...{ url: server.url, timeoutMs: 1_000, path: '/notes', body: '{"n":"{unique}"}', readPath: '/notes' },
      headers,
      before: [{ path: '/form' }],
      secrets: { token: 'kept' },
      readSecret: async () => secret,
    }
    // Before the switch, and as it writes after it.
    expectToTellNoSecret(await refusalOf(prepareWrite(probe)))
    expectToTellNoSecret(await refusalOf(proveWrites(probe, { withinMs: 1_000, everyMs: 100 })))
    expect(asked).toBe(0)
  })
})
