import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { checkHttp } from '../../../runner/http/check.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { endpointHttp } from '../../../runner/steps/endpoint-http/index.ts'
import {
  ServerLineNotFoundError,
  withServerAddress,
} from '../../../runner/steps/endpoint-http/proxy-config.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { serveHttp, type TestHttpServer } from '../../support/http-server.ts'
import { startRunit, type TestRunit } from '../../support/runit.ts'
import { freePort, startSshd, type TestSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

const haproxyConfig = (port: number, server: string) => `global
    log stdout format raw local0 notice
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend public
    bind 127.0.0.1:${port}
    default_backend permit_desk
backend other
    server permit_desk 127.0.0.1:1 check
backend permit_desk
    server permit_desk ${server} check inter 500ms # the live side
`

const nginxConfig = `upstream other { server 10.0.0.9:80; }
upstream permit_desk {
    # server 10.0.0.8:80;
    server 10.0.0.11:8080 max_fails=0;
    keepalive 8;
}
server { listen 80; location / { proxy_pass http://permit_desk; } }
`

describe('withServerAddress', () => {
  const haproxy = { proxy: 'haproxy', backend: 'permit_desk', server: 'permit_desk' } as const
  const nginx = { proxy: 'nginx', backend: 'permit_desk', server: 'server' } as const

  it('changes the one address of an haproxy backend and nothing else', () => {
    const changed = withServerAddress(haproxyConfig(80, '10.0.0.11:8080'), haproxy, '10.0.0.13:8080')
    expect(changed).toBe(haproxyConfig(80, '10.0.0.13:8080'))
  })

  it('changes the one address of an nginx upstream and nothing else', () => {
    expect(withServerAddress(nginxConfig, nginx, '10.0.0.13:8080')).toBe(
      nginxConfig.replace('10.0.0.11:8080', '10.0.0.13:8080'),
    )
  })

  it.each([
    ['an unknown server', haproxyConfig(80, 'a:1'), { ...haproxy, server: 'absent' }],
    ['an unknown backend', haproxyConfig(80, 'a:1'), { ...haproxy, backend: 'absent' }],
    ['two servers', nginxConfig.replace('keepalive 8', 'server 10.0.0.12:80'), nginx],
  ])('refuses %s', (_what, config, place) => {
    expect(() => withServerAddress(config, place, '10.0.0.13:80')).toThrow(ServerLineNotFoundError)
  })
})

describe('endpoint-http', () => {
  let sshd: TestSshd
  let hosts: HostPool
  let host: HostPort
  let directory: string
  let runit: TestRunit
  let old: TestHttpServer
  let cloud: TestHttpServer
  let url: string
  let configFile: string

  beforeAll(async () => {
    sshd = await startSshd()
    hosts = new HostPool()
    directory = mkdtempSync(join(tmpdir(), 'qianyun-haproxy-'))
    configFile = join(directory, 'haproxy.cfg')
    host = hosts.host(sshd.target({ name: 'entry', serviceDir: join(directory, 'service') }))
    const port = await freePort()
    url = `http://127.0.0.1:${port}/health`
    old = await serveHttp((_request, response) => response.end('{"side":"old"}'))
    cloud = await serveHttp((_request, response) => response.end('{"side":"cloud"}'))
    writeFileSync(configFile, haproxyConfig(port, `127.0.0.1:${old.port}`), { mode: 0o640 })
    mkdirSync(join(directory, 'service/haproxy'), { recursive: true })
    const run = `#!/bin/sh\nexec /usr/sbin/haproxy -W -f ${configFile} >>${directory}/haproxy.log 2>&1\n`
    writeFileSync(join(directory, 'service/haproxy/run'), run)
    chmodSync(join(directory, 'service/haproxy/run'), 0o755)
    runit = startRunit(join(directory, 'service'))
    await serves('old')
  }, 60_000)

  afterAll(async () => {
    await runit.close()
    await hosts.close()
    await sshd.close()
    await old[Symbol.asyncDispose]()
    await cloud[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })

  let before: string
  beforeEach(() => {
    before = readFileSync(configFile, 'utf8')
  })

  async function serves(side: string): Promise<void> {
    const options = { attempts: 80, intervalMs: 100, signal: AbortSignal.timeout(20_000) }
    await checkHttp({ url, timeoutMs: 2000 }, { expect: `json.side == "${side}"` }, options)
  }

  const paramsTo = (port: number, side?: string) =>
    endpointHttp.params.parse({
      host: 'entry',
      configFile,
      service: 'haproxy',
      backend: 'permit_desk',
      server: 'permit_desk',
      to: `127.0.0.1:${port}`,
      ...(side !== undefined && { probe: { url, expect: `json.side == "${side}"`, attempts: 80 } }),
    })

  it('switches a running haproxy to the other side, proves it, and goes back on undo', async () => {
    const context = stepContext([host])
    const params = paramsTo(cloud.port, 'cloud')
    const facts = await endpointHttp.gather(params, context)
    const result = await endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
    expect(result).toMatchObject({
      from: `127.0.0.1:${old.port}`,
      to: `127.0.0.1:${cloud.port}`,
      changed: true,
    })
    expect(statSync(configFile).mode & 0o777).toBe(0o640)
    expect(endpointHttp.plan(params, await endpointHttp.gather(params, context))).toEqual([])

    for (const command of endpointHttp.undo?.(params, facts) ?? []) {
      if (command.do === 'shell') await host.run(command.script, { stdin: command.stdin ?? '' })
    }
    expect(readFileSync(configFile, 'utf8')).toBe(before)
    await serves('old')
    expect(readFileSync(configFile, 'utf8')).toBe(before)
  }, 60_000)

  it.each([
    ['a file of root', { withoutRoot: false, serviceDir: '/srv/service' }, 'sudo -n sh -c', 'sv hup'],
    ['systemd', { withoutRoot: false }, 'sudo -n sh -c', 'systemctl reload haproxy'],
    ['a host where we are root', { withoutRoot: true }, 'set -e', 'systemctl reload haproxy'],
  ])('plans for %s', (_what, place, begins, reloads) => {
    const facts = { config: before, address: `127.0.0.1:${old.port}`, loadedDigest: '', ...place }
    const [replace, reload] = endpointHttp.plan(paramsTo(1), facts)
    expect(replace).toMatchObject({
      do: 'shell',
      host: 'entry',
      stdin: expect.stringContaining('127.0.0.1:1 '),
    })
    expect((replace as { script: string }).script.startsWith(begins)).toBe(true)
    expect((reload as { script: string }).script).toContain(reloads)
  })

  it('plans the reload that a run left out when it was killed after the new file was in place', async () => {
    const params = paramsTo(cloud.port)
    const facts = await endpointHttp.gather(params, stepContext([host]))
    const config = withServerAddress(facts.config, params, params.to)
    expect(endpointHttp.plan(params, { ...facts, config }).map((command) => command.title)).toEqual([
      'reload haproxy',
    ])
  })

  it('keeps the old configuration when haproxy refuses the new one', async () => {
    const params = paramsTo(70_000)
    const context = stepContext([host])
    const facts = await endpointHttp.gather(params, context)
    await expect(
      endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context),
    ).rejects.toThrow('permit_desk')
    expect(readFileSync(configFile, 'utf8')).toBe(before)
    await serves('old')
    expect(readFileSync(configFile, 'utf8')).toBe(before)
  })
})
