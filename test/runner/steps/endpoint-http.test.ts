import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { checkHttp } from '../../../runner/http/check.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { implementation as endpointHttp } from '../../../runner/steps/endpoint-http/index.ts'
import { EndpointHttpParams, linesOf } from '../../../runner/steps/endpoint-http/params.ts'
import { withServerAddresses } from '../../../runner/steps/endpoint-http/proxy-config.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { serveHttp, type TestHttpServer } from '../../support/http-server.ts'
import { haproxyConfig, nginxConfig } from '../../support/proxy-configs.ts'
import { startRunit, type TestRunit } from '../../support/runit.ts'
import { freePort, startSshd, type TestSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

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

  /** In one piece: haproxy still reloads while the test goes on, and takes a file without a line for a configuration. */
  function replaceConfig(content: string | Buffer): void {
    writeFileSync(`${configFile}.new`, content, { mode: 0o640 })
    renameSync(`${configFile}.new`, configFile)
  }

  async function switchBack(): Promise<void> {
    const params = paramsTo(old.port)
    const context = stepContext([host])
    const facts = await endpointHttp.gather(params, context)
    await endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
    await serves('old')
  }

  async function serves(side: string): Promise<void> {
    const options = { attempts: 80, intervalMs: 100, signal: AbortSignal.timeout(20_000) }
    await checkHttp({ url, timeoutMs: 2000 }, { expect: `json.side == "${side}"` }, options)
  }

  /** Undo as it is after a restart of the runner: from what the journal kept. */
  async function undo(
    ...[params, facts, context]: Parameters<NonNullable<typeof endpointHttp.carryOutUndo>>
  ) {
    await endpointHttp.carryOutUndo?.(params, endpointHttp.keep?.(facts) ?? facts, context)
  }

  const paramsTo = (port: number, side?: string) =>
    EndpointHttpParams.parse({
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

    await undo(params, facts, context)
    await serves('old')
    expect(readFileSync(configFile, 'utf8')).toBe(before)
  }, 60_000)

  it('does not take a reload for one that the proxy did not take, and reloads again on a retry', async () => {
    const context = stepContext([host])
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    // The check binds no port.
    replaceConfig(before.replace('    default_backend', `    bind 127.0.0.1:${port}\n    default_backend`))
    const params = paramsTo(cloud.port)
    const switched = async () => {
      const facts = await endpointHttp.gather(params, context)
      await endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
    }
    try {
      await expect(switched()).rejects.toMatchObject({ code: 'proxy-not-reloaded', service: 'haproxy' })
      await serves('old')
    } finally {
      taken.close()
      await once(taken, 'close')
    }
    await switched()
    await serves('cloud')
    replaceConfig(before)
    await switchBack()
  }, 90_000)

  describe('what would keep requests from the new target', () => {
    const look = async (config: string, more: object = {}) => {
      replaceConfig(config)
      const context = stepContext([host])
      const params = { ...paramsTo(cloud.port), state: 'switchable' as const, ...more }
      const facts = await endpointHttp.gather(params, context)
      const commands = endpointHttp.plan(params, facts)
      expect(commands).toMatchObject([{ changesNothing: true }])
      try {
        await endpointHttp.carryOut?.(params, facts, commands, context)
        return 'switchable'
      } catch (error) {
        return String(error)
      } finally {
        expect(readFileSync(configFile, 'utf8')).toBe(config)
        replaceConfig(before)
      }
    }
    const more = (line: string) => `${before}    ${line}\n`

    it('is refused before the switch: another line of the backend, wherever it leads', async () => {
      expect(await look(before)).toBe('switchable')
      expect(await look(more('server second 10.0.0.7:8080 check'))).toContain(
        'the line "server second" leads to 10.0.0.7:8080',
      )
      expect(await look(more(`server spare 127.0.0.1:${old.port} backup`))).toContain('"server spare"')
      expect(await look(more('server-template web 1-3 web.example:80'))).toContain('"server web"')
      expect(await look(more('server sorry 127.0.0.1:9000 backup'))).toBe('switchable')
      expect(await look(more('server second 10.0.0.7:8080 disabled # later'))).toBe('switchable')
      expect(await look(more('server second 10.0.0.7:8080'), { besides: [['second']] })).toBe('switchable')
    }, 60_000)

    it('is refused before the switch: ports that a reload takes from a state file', async () => {
      const kept = before.replace('defaults\n', 'defaults\n    load-server-state-from-file global\n')
      expect(await look(kept)).toContain('keep the port that the state file has')
      expect(await look(`${kept}    load-server-state-from-file none\n`)).toBe('switchable')
      expect(await look(kept, { to: `127.0.0.9:${old.port}` })).toBe('switchable')
    }, 60_000)
  })

  it('leaves what another move, or a person, changes in the same file alone, on the way there and back', async () => {
    const context = stepContext([host])
    const [permits, other] = [paramsTo(cloud.port), { ...paramsTo(cloud.port), backend: 'other' }]
    const factsOfPermits = await endpointHttp.gather(permits, context)
    const factsOfOther = await endpointHttp.gather(other, context)
    for (const [params, facts] of [
      [permits, factsOfPermits],
      [other, factsOfOther],
    ] as const)
      await endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
    const both = before
      .replace(`127.0.0.1:${old.port}`, `127.0.0.1:${cloud.port}`)
      .replace('127.0.0.1:1 ', `127.0.0.1:${cloud.port} `)
    expect(readFileSync(configFile, 'utf8')).toBe(both)

    replaceConfig(`${both}# seen by the administrator\n`)
    await undo(permits, factsOfPermits, context)
    expect(readFileSync(configFile, 'utf8')).toBe(
      `${before.replace('127.0.0.1:1 ', `127.0.0.1:${cloud.port} `)}# seen by the administrator\n`,
    )
    await undo(other, factsOfOther, context)
    replaceConfig(before)
  }, 60_000)

  it('keeps every byte of a configuration whose comments are not UTF-8', async () => {
    const context = stepContext([host])
    const gbk = Buffer.concat([Buffer.from('# '), Buffer.from([0xca, 0xfd, 0xbe, 0xdd, 0x0a])])
    replaceConfig(Buffer.concat([gbk, Buffer.from(before)]))
    const params = paramsTo(cloud.port)
    const facts = await endpointHttp.gather(params, context)
    await endpointHttp.carryOut?.(params, facts, endpointHttp.plan(params, facts), context)
    await undo(params, facts, context)
    expect(readFileSync(configFile).equals(Buffer.concat([gbk, Buffer.from(before)]))).toBe(true)
    replaceConfig(before)
  }, 60_000)

  it('switches an nginx that reads every file of sites-enabled, through the link there', async () => {
    const sites = join(directory, 'nginx')
    for (const folder of ['available', 'enabled', 'tools'])
      mkdirSync(join(sites, folder), { recursive: true })
    writeFileSync(join(sites, 'available/desk'), nginxConfig)
    symlinkSync('../available/desk', join(sites, 'enabled/desk'))
    // As nginx does: all files of the folder together must make sense, and an address too.
    writeFileSync(
      join(sites, 'tools/nginx'),
      `#!/bin/sh
cat ${sites}/enabled/* | awk '/^upstream/ { if (seen[$2]++) { print "duplicate upstream " $2; bad = 1 } } /server bad/ { print "host not found"; bad = 1 } END { exit bad }' >&2\n`,
      { mode: 0o755 },
    )
    writeFileSync(join(sites, 'tools/sv'), '#!/bin/sh\n', { mode: 0o755 })
    const entry: HostPort = {
      name: 'entry',
      address: host.address,
      serviceDir: sites,
      run: (script, options) => host.run(`PATH=${sites}/tools:$PATH\n${script}`, options),
      readFile: (path) => host.readFile(path),
      start: (script) => host.start(script),
    }
    const context = stepContext([entry])
    const to = (address: string) => ({
      ...paramsTo(1),
      proxy: 'nginx' as const,
      configFile: join(sites, 'enabled/desk'),
      service: 'nginx',
      to: address,
    })
    const switchTo = async (address: string) => {
      const facts = await endpointHttp.gather(to(address), context)
      await endpointHttp.carryOut?.(to(address), facts, endpointHttp.plan(to(address), facts), context)
    }
    const wanted = nginxConfig.replace('10.0.0.11:8080', '10.0.0.13:8080')
    await switchTo('10.0.0.13:8080')
    await expect(switchTo('bad:1')).rejects.toThrow('host not found')
    expect(readFileSync(join(sites, 'available/desk'), 'utf8')).toBe(wanted)
    expect(lstatSync(join(sites, 'enabled/desk')).isSymbolicLink()).toBe(true)
    expect([...readdirSync(join(sites, 'enabled')), ...readdirSync(join(sites, 'available'))]).toEqual([
      'desk',
      'desk',
    ])
  })

  it.each([
    ['a file of root', { withoutRoot: false, serviceDir: '/srv/service' }, 'sudo -n sh -c', 'sv hup'],
    ['systemd', { withoutRoot: false }, 'sudo -n sh -c', 'systemctl reload haproxy'],
    ['a host where we are root', { withoutRoot: true }, 'systemctl', 'systemctl reload haproxy'],
  ])('plans for %s', (_what, place, by, reloads) => {
    const facts = {
      config: { text: before, encoding: 'utf8' as const, digest: 'd' },
      addresses: [`127.0.0.1:${old.port}`],
      loadedDigest: '',
      noteFile: '/home/u/.qianyun/loaded/x',
      ...place,
    }
    const [replace, reload] = endpointHttp.plan(paramsTo(1), facts)
    expect(replace).toMatchObject({
      do: 'write-file',
      host: 'entry',
      expected: 'd',
      withSudo: !place.withoutRoot,
      shownAs: `permit_desk/permit_desk 127.0.0.1:${old.port} → 127.0.0.1:1`,
    })
    expect((replace as { content: Buffer }).content.toString()).toContain('127.0.0.1:1 ')
    expect((reload as { script: string }).script).toContain(`\n${by}`)
    expect((reload as { script: string }).script).toContain(reloads)
  })

  it('plans the reload that a run left out when it was killed after the new file was in place', async () => {
    const params = paramsTo(cloud.port)
    const facts = await endpointHttp.gather(params, stepContext([host]))
    const { servers, addresses } = linesOf(params)
    const text = withServerAddresses(facts.config.text, { ...params, servers }, addresses)
    const changed = { ...facts, addresses, config: { ...facts.config, text } }
    expect(endpointHttp.plan(params, changed).map((command) => command.title)).toEqual(['reload haproxy'])
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
