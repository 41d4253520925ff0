import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { askAsProxy } from '../../../runner/entry/ask-as-proxy.ts'
import type { UpstreamWay } from '../../../runner/entry/upstream-ways.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { serveHttp, type TestHttpServer } from '../../support/http-server.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

describe('applications that are asked as the proxy asks them', () => {
  let sshd: TestSshd
  let hosts: HostPool
  let host: HostPort
  let folder: string
  let old: TestHttpServer
  let renamed: TestHttpServer
  const started: Server[] = []

  beforeAll(async () => {
    sshd = await startSshd()
    hosts = new HostPool()
    host = hosts.host(sshd.target({ name: 'entry' }))
    folder = mkdtempSync(join(tmpdir(), 'qianyun-upstream-'))
    for (const name of ['permit.example.org', 'other.example.org']) certify(name)
    old = await serveHttp((_, response) => response.end('ok'))
    renamed = await serveHttp((request, response) => {
      response.statusCode = request.headers.host === 'permit.example.org' ? 200 : 404
      response.end()
    })
  }, 60_000)

  afterAll(async () => {
    for (const server of started) server.close()
    await Promise.all([old[Symbol.asyncDispose](), renamed[Symbol.asyncDispose]()])
    await hosts.close()
    await sshd.close()
    rmSync(folder, { recursive: true })
  })

  const file = (name: string) => join(folder, name)

  function certify(name: string): void {
    const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ')
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)]
    const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
    execFileSync('openssl', [...words, ...files, ...names], { stdio: 'ignore' })
  }

  const pairOf = (name: string) => ({
    key: readFileSync(file(`${name}.key`)),
    cert: readFileSync(file(`${name}.pem`)),
  })

  /** An https server with one certificate; one that needs a name ends a handshake without it. */
  async function serve(name: string, { needsName = false } = {}): Promise<string> {
    const context = createSecureContext(pairOf(name))
    const server = createServer(
      {
        ...(needsName ? {} : pairOf(name)),
        SNICallback: (asked, found) =>
          asked === name ? found(null, context) : found(new Error('no such name')),
      },
      (_, response) => response.end('ok'),
    )
    started.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  }

  const ask = async (way: UpstreamWay, present: string, next: string) => {
    const { refused, unasked } = await askAsProxy(host, {
      ways: [way],
      path: '/health?a=50%25',
      present: [present],
      next: [next],
    })
    expect(unasked).toEqual([])
    return refused.map(({ address, found, present: before }) => ({ address, found, before }))
  }

  it('are refused where they want the name that it does not send, or have another certificate than it takes', async () => {
    const [plain, strict, other] = await Promise.all([
      serve('permit.example.org'),
      serve('permit.example.org', { needsName: true }),
      serve('other.example.org'),
    ])
    const without: UpstreamWay = { host: 'permit.example.org', tls: {} }
    const verify = { name: 'permit.example.org', caFile: file('permit.example.org.pem') }
    const checked: UpstreamWay = { host: 'permit.example.org', tls: { verify } }
    const named: UpstreamWay = {
      host: 'permit.example.org',
      tls: { serverName: 'permit.example.org', verify },
    }

    expect(await ask(without, plain, other)).toEqual([])
    expect(await ask(named, plain, strict)).toEqual([])
    expect(await ask(without, plain, strict)).toMatchObject([
      { address: strict, before: 'HTTP 200', found: expect.stringMatching(/alert|error/i) as unknown },
    ])
    expect(await ask(checked, plain, other)).toMatchObject([
      { address: other, before: 'HTTP 200', found: expect.stringMatching(/verify/i) as unknown },
    ])
    expect(await ask(checked, other, other)).toEqual([])
  }, 60_000)

  it('are refused where they do not know the header Host, unless the one that serves gives that answer as well', async () => {
    const at = ({ port }: TestHttpServer) => `127.0.0.1:${String(port)}`
    expect(await ask({ host: 'permit.example.org' }, at(old), at(renamed))).toEqual([])
    expect(await ask({ host: 'permit_desk' }, at(old), at(renamed))).toEqual([
      { address: at(renamed), before: 'HTTP 200', found: 'HTTP 404' },
    ])
    expect(await ask({ host: 'permit_desk' }, at(renamed), at(renamed))).toEqual([])
  }, 60_000)
})
