import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkHttp } from '../../../runner/http/check.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { implementation as endpointHttp } from '../../../runner/steps/endpoint-http/index.ts'
import { EndpointHttpParams } from '../../../runner/steps/endpoint-http/params.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { serveHttp, type TestHttpServer } from '../../support/http-server.ts'
import { haproxyConfig } from '../../support/proxy-configs.ts'
import { startRunit, type TestRunit } from '../../support/runit.ts'
import { freePort, startSshd, type TestSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'
import { until } from '../../support/until.ts'

describe('a proxy that is not alone on its port', () => {
  let sshd: TestSshd
  let hosts: HostPool
  let host: HostPort
  let directory: string
  let runit: TestRunit
  let old: TestHttpServer
  let cloud: TestHttpServer
  let url: string
  let configFile: string
  const started: ChildProcess[] = []

  beforeAll(async () => {
    sshd = await startSshd()
    hosts = new HostPool()
    directory = mkdtempSync(join(tmpdir(), 'qianyun-haproxy-'))
    configFile = join(directory, 'haproxy.cfg')
    host = hosts.host(sshd.target({ name: 'entry', serviceDir: join(directory, 'service') }))
    const port = await freePort()
    url = `http://127.0.0.1:${String(port)}/health`
    old = await serveHttp((_request, response) => response.end('{"side":"old"}'))
    cloud = await serveHttp((_request, response) => response.end('{"side":"cloud"}'))
    writeFileSync(configFile, haproxyConfig(port, `127.0.0.1:${String(old.port)}`))
    mkdirSync(join(directory, 'service/haproxy'), { recursive: true })
    const run = `#!/bin/sh\nexec /usr/sbin/haproxy -W -f ${configFile} >>${directory}/haproxy.log 2>&1\n`
    writeFileSync(join(directory, 'service/haproxy/run'), run)
    chmodSync(join(directory, 'service/haproxy/run'), 0o755)
    runit = startRunit(join(directory, 'service'))
    const options = { attempts: 200, intervalMs: 100, signal: AbortSignal.timeout(60_000) }
    await checkHttp({ url, timeoutMs: 2000 }, {}, options)
  }, 90_000)

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL')
    await runit.close()
    await hosts.close()
    await sshd.close()
    await old[Symbol.asyncDispose]()
    await cloud[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })

  const paramsTo = (port: number, more: object = {}) =>
    EndpointHttpParams.parse({
      host: 'entry',
      configFile,
      service: 'haproxy',
      backend: 'permit_desk',
      server: 'permit_desk',
      to: `127.0.0.1:${String(port)}`,
      ...more,
    })

  async function carryOut(params: EndpointHttpParams): Promise<unknown> {
    const context = stepContext([host])
    const facts = await endpointHttp.gather(params, context)
    return endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
  }

  const look = async (more: object = {}) =>
    carryOut(paramsTo(cloud.port, { state: 'switchable', probe: { url, status: 'any' }, ...more }))
  const switchTo = async (port: number, more: object = {}) => carryOut(paramsTo(port, more))

  /** The workers of haproxy: children of the process that runit has started. */
  function workers(): readonly number[] {
    const main = readFileSync(join(directory, 'service/haproxy/supervise/pid'), 'utf8').trim()
    return readdirSync('/proc').flatMap((pid) => {
      try {
        const [, parent] = / \(haproxy\) . (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
        return parent === main ? [Number(pid)] : []
      } catch {
        return []
      }
    })
  }

  /** An haproxy beside the service, with a configuration of its own; it is waited for until it takes connections. */
  async function startBeside(change: (config: string) => string): Promise<ChildProcess> {
    const file = join(directory, 'beside.cfg')
    writeFileSync(file, change(readFileSync(configFile, 'utf8')))
    const child = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    started.push(child)
    let told = ''
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()))
    await until(async () => {
      if (child.exitCode !== null) throw new Error(told)
      const { stdout } = await host.run(`ls -l /proc/${String(child.pid)}/fd | grep -c socket: || true`)
      return Number(stdout) > 0
    })
    return child
  }

  async function end(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  it('is switchable while its own workers alone take connections', async () => {
    expect(await look()).toMatchObject({ changed: false, processes: 'seen', unknownAddresses: [] })
    expect(await switchTo(cloud.port)).toMatchObject({ changed: true })
    expect(await switchTo(old.port)).toMatchObject({ changed: true })
  }, 90_000)

  it('is refused before the switch while a process of before the last start shares the port, by its number and its command', async () => {
    const startedAtMs = Date.now()
    const beside = await startBeside((config) => config)
    const shared = new RegExp(
      `On "entry", process ${String(beside.pid)} of "\\w+" \\(since ([^,]*), "/usr/sbin/haproxy -db.*takes connections at 127\\.0\\.0\\.1:`,
    )
    const refused = String(await look().catch((error: unknown) => error))
    expect(refused).toMatch(shared)
    const since = Date.parse(shared.exec(refused)?.[1] ?? '')
    expect(Math.abs(since - startedAtMs)).toBeLessThan(30_000)
    const waiver = { rule: 'entry-port-shared', pattern: 'entry', reason: 'Both are switched by hand.' }
    expect(await look({ waivers: [waiver] })).toMatchObject({ processes: 'seen' })
    await end(beside)
    expect(await look()).toMatchObject({ processes: 'seen' })
  }, 90_000)

  it('may have others on its port at other addresses of this machine', async () => {
    const beside = await startBeside((config) => config.replace('bind 127.0.0.1:', 'bind 127.0.0.77:'))
    expect(await look()).toMatchObject({ processes: 'seen' })
    await end(beside)
  }, 60_000)

  it('is refused before the switch while its configuration is one that a reload would not take, by its own words', async () => {
    const before = readFileSync(configFile, 'utf8')
    writeFileSync(configFile, before.replace('127.0.0.1:1 check', 'gone.invalid:80 check'))
    const refused = String(await look().catch((error: unknown) => error))
    expect(refused).toMatch(/refuses when it is reloaded: .*could not resolve address 'gone\.invalid'/)
    writeFileSync(configFile, before)
    expect(await look()).toMatchObject({ processes: 'seen' })
  }, 60_000)

  it('is refused before the switch where the application that takes over does not know the name the proxy asks by', async () => {
    await using strict = await serveHttp((request, response) => {
      response.statusCode = request.headers.host === 'permit.example.org' ? 200 : 404
      response.end()
    })
    const looked = async (more: object = {}) =>
      carryOut(paramsTo(strict.port, { state: 'switchable', probe: { url, status: 'any' }, ...more }))
    const refused = String(await looked().catch((error: unknown) => error))
    expect(refused).toMatch(/Host "127\.0\.0\.1:\d+", and gets HTTP 404 there, .* gives HTTP 200:/)
    const waiver = { rule: 'upstream-refuses', pattern: 'entry', reason: 'It answers once it serves.' }
    expect(await looked({ waivers: [waiver] })).toMatchObject({ processes: 'seen' })
  }, 60_000)

  it('is not switched as long as a worker of before goes on taking connections, and is once that has ended', async () => {
    const [worker = 0] = workers()
    process.kill(worker, 'SIGSTOP')
    try {
      const failed = await switchTo(cloud.port).catch((error: unknown) => String(error))
      expect(failed).toContain(`process ${String(worker)} of`)
      expect(failed).toMatch(/was reloaded, .* still takes connections .* after \d+ ms/)
    } finally {
      process.kill(worker, 'SIGKILL')
    }
    await until(async () => !workers().includes(worker))
    await switchTo(cloud.port)
    const answered = { attempts: 40, intervalMs: 250, signal: AbortSignal.timeout(60_000) }
    await checkHttp({ url, timeoutMs: 2000 }, { expect: 'json.side == "cloud"' }, answered)
  }, 120_000)
})
