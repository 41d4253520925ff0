import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkHttp } from '../../../runner/http/check.ts'
import { implementation as endpointHttp } from '../../../runner/steps/endpoint-http/index.ts'
import { EndpointHttpParams } from '../../../runner/steps/endpoint-http/params.ts'
import { serveHttp, type TestHttpServer } from '../../support/http-server.ts'
import { LocalHost } from '../../support/local-host.ts'
import { haproxyConfig } from '../../support/proxy-configs.ts'
import { startRunit, type TestRunit } from '../../support/runit.ts'
import { freePort } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

/** A client that keeps its connection, and sends no request again whose connection was closed. */
class KeepingClient {
  private socket: Socket | undefined

  constructor(private readonly port: number) {}

  /** Who answered, and over which connection; `failed` where nobody did. */
  async ask(): Promise<string> {
    const kept = this.socket
    const socket = kept ?? connect({ host: '127.0.0.1', port: this.port, allowHalfOpen: true })
    this.socket = socket
    return new Promise((resolve) => {
      let answer = ''
      const end = (what: string, stays: boolean) => {
        socket.removeAllListeners()
        socket.on('error', () => undefined)
        if (!stays) this.close()
        resolve(what)
      }
      socket.on('data', (chunk) => {
        answer += chunk.toString()
        const side = /"side":"(\w+)"/.exec(answer)?.[1]
        if (side === undefined && !/^HTTP\/1\.1 [45]/.test(answer)) return
        const way = kept === undefined ? 'anew' : 'kept'
        end(side === undefined ? 'failed' : `${side} ${way}`, !/^connection: close/im.test(answer))
      })
      socket.on('error', () => end('failed', false))
      socket.on('close', () => end('failed', false))
      socket.on('end', () => end('failed', false))
      if (socket.destroyed || socket.readableEnded) end('failed', false)
      else socket.write('GET /health HTTP/1.1\r\nHost: permits.test\r\n\r\n')
    })
  }

  close(): void {
    this.socket?.destroy()
    this.socket = undefined
  }
}

describe.each([
  ['with "option idle-close-on-response"', '    option idle-close-on-response\n', true],
  ['without it', '', false],
])('a switch of haproxy %s', (_, option, isKept) => {
  let directory: string
  let runit: TestRunit
  let old: TestHttpServer
  let cloud: TestHttpServer
  let port: number
  let configFile: string
  let host: LocalHost & { readonly serviceDir: string }
  const idle: KeepingClient[] = []

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'qianyun-kept-'))
    configFile = join(directory, 'haproxy.cfg')
    old = await serveHttp((_request, response) => response.end('{"side":"old"}'))
    cloud = await serveHttp((_request, response) => response.end('{"side":"cloud"}'))
    port = await freePort()
    const config = haproxyConfig(port, `127.0.0.1:${String(old.port)}`)
    writeFileSync(
      configFile,
      config.replace('mode http\n', `mode http\n${option}`).replace('client 10s', 'client 90s'),
    )
    const serviceDir = join(directory, 'service')
    host = Object.assign(new LocalHost('entry'), { serviceDir })
    mkdirSync(join(serviceDir, 'haproxy'), { recursive: true })
    const run = `#!/bin/sh\nexec /usr/sbin/haproxy -W -f ${configFile} >>${directory}/haproxy.log 2>&1\n`
    writeFileSync(join(serviceDir, 'haproxy/run'), run)
    chmodSync(join(serviceDir, 'haproxy/run'), 0o755)
    runit = startRunit(serviceDir)
    const options = { attempts: 200, intervalMs: 100, signal: AbortSignal.timeout(60_000) }
    await checkHttp({ url: `http://127.0.0.1:${String(port)}/health`, timeoutMs: 2000 }, {}, options)
    for (let n = 0; n < 20; n += 1) idle.push(new KeepingClient(port))
  }, 90_000)

  afterAll(async () => {
    for (const client of idle) client.close()
    await runit.close()
    await old[Symbol.asyncDispose]()
    await cloud[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  }, 30_000)

  async function carryOut(more: object): Promise<unknown> {
    const params = EndpointHttpParams.parse({
      ...{ host: 'entry', configFile, service: 'haproxy', backend: 'permit_desk', server: 'permit_desk' },
      to: `127.0.0.1:${String(cloud.port)}`,
      ...more,
    })
    const context = stepContext([host])
    const facts = await endpointHttp.gather(params, context)
    return endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
  }

  /** What the clients were answered, and how many of them. */
  async function asked(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const answer of await Promise.all(idle.map(async (client) => client.ask())))
      counts[answer] = (counts[answer] ?? 0) + 1
    return counts
  }

  it(`${isKept ? 'fails no request of' : 'closes the connections of'} clients that are idle meanwhile, as is told before`, async () => {
    expect(await asked()).toEqual({ 'old anew': 20 })
    expect(await carryOut({ state: 'switchable' })).toMatchObject({ idleConnectionsCut: !isKept })
    const ended = new AbortController()
    const busy = Array.from({ length: 5 }, async () => {
      const client = new KeepingClient(port)
      let failed = 0
      while (!ended.signal.aborted) if ((await client.ask()) === 'failed') failed += 1
      client.close()
      return failed
    })
    await carryOut({})
    await sleep(500)
    ended.abort()

    expect(await asked()).toEqual(isKept ? { 'old kept': 20 } : { failed: 20 })
    expect(await asked()).toEqual({ 'cloud anew': 20 })
    const failures = await Promise.all(busy)
    expect(failures.filter((failed) => isKept && failed > 0)).toEqual([])
  }, 90_000)
})
