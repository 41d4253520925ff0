import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assess } from '../../../domain/assessment/assessment.ts'
import type { HostFacts } from '../../../domain/assessment/host-facts.ts'
import { discoverHost } from '../../../runner/host-facts/host.ts'
import { WrongHostKeyError } from '../../../runner/ssh/errors.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let hosts: HostPool
let host: HostPort
let home: string

beforeAll(async () => {
  sshd = await startSshd('127.0.0.21')
  hosts = new HostPool()
  home = mkdtempSync(join(tmpdir(), 'qianyun-facts-'))
  host = hosts.host(sshd.target({ name: 'old', serviceDir: join(home, 'service') }))
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(join(home, path, '..'), { recursive: true })
    writeFileSync(join(home, path), text)
    chmodSync(join(home, path), mode)
  }
  write('app dir/.nvmrc', '12.22.12\n')
  write('app dir/bin/start', '#!/bin/sh\n# runtime=node-12\nexec node ../server.mjs\n', 0o755)
  write('app dir/server.mjs', "connect('10.20.0.14')\n")
  write('app dir/node_modules/other/index.js', "connect('10.99.0.1')\n")
  write('app dir/package-lock.json', '{"x":"10.99.0.2"}\n')
  write('etc/app.conf', `# 许可系统\nDB_HOST=10.20.0.14\nDB_PASSWORD=hunter2\nUPLOAD_DIR=${home}/uploads\n`)
  write('etc/crontab', '*/5 * * * * /srv/app/nightly\n')
})

afterAll(async () => {
  await hosts.close()
  await sshd.close()
  rmSync(home, { recursive: true, force: true })
})

async function discover(): Promise<HostFacts> {
  return discoverHost(host, {
    directories: [join(home, 'app dir')],
    configFiles: [join(home, 'etc/app.conf')],
    crontabs: [join(home, 'etc/crontab')],
  })
}

describe('discoverHost', () => {
  it('finds the faults of an application and where they are', async () => {
    const facts = await discover()
    expect(facts.unknown).toEqual([])
    expect(facts.runtimes).toEqual(
      expect.arrayContaining([
        {
          language: 'node',
          version: '12.22.12',
          source: join(home, 'app dir/.nvmrc'),
          declared: true,
          endOfLife: '2022-04-30',
        },
        expect.objectContaining({ version: '12', source: join(home, 'app dir/bin/start') }),
      ]),
    )
    expect(facts.hardCoded.map(({ file, line, match }) => [file.slice(home.length), line, match])).toEqual([
      ['/etc/app.conf', 2, '10.20.0.14'],
      ['/etc/app.conf', 4, `${home}/uploads`],
      ['/app dir/server.mjs', 1, '10.20.0.14'],
    ])
    expect(JSON.stringify(facts)).not.toContain('hunter2')
    const codes = assess({ hosts: [facts], datasets: [], waivers: [] }).findings.map(({ code }) => code)
    expect(codes).toEqual(
      expect.arrayContaining(['runtime-end-of-life', 'hard-coded-address', 'hard-coded-path']),
    )
  })

  it('knows the machine it is on', async () => {
    const { system, disks, packages, processes, jobs } = await discover()
    expect(system).toMatchObject({ architecture: expect.any(String), cpuCount: expect.any(Number) })
    expect(system.id).not.toBe('unknown')
    expect(disks.some(({ mount, sizeBytes }) => mount.startsWith('/') && sizeBytes > 0)).toBe(true)
    expect(packages.count).toBeGreaterThan(0)
    expect(processes.some(({ command }) => command.includes('sshd'))).toBe(true)
    expect(jobs).toContainEqual({
      source: join(home, 'etc/crontab'),
      schedule: '*/5 * * * *',
      command: '/srv/app/nightly',
    })
  })

  it('sees the port it came in by and who is connected to it', async () => {
    const { listening, peers } = await discover()
    expect(listening).toContainEqual({
      protocol: 'tcp',
      address: '127.0.0.21',
      port: sshd.port,
      process: 'sshd',
    })
    expect(peers).toContainEqual(
      expect.objectContaining({ direction: 'in', localPort: sshd.port, address: '127.0.0.1' }),
    )
  })

  it('goes on without the tools a host lacks', async () => {
    const tools = join(home, 'tools')
    mkdirSync(tools, { recursive: true })
    const bare: HostPort = {
      name: 'bare',
      address: host.address,
      run: (script, options) => host.run(`PATH=${quote(tools)}\n${script}`, options),
      readFile: (path) => host.readFile(path),
      start: (script) => host.start(script),
    }
    const facts = await discoverHost(bare, { directories: [join(home, 'app dir')] })
    expect(facts).toMatchObject({ host: 'bare', packages: { manager: 'unknown', count: 0 }, services: [] })
    expect(facts.unknown.map(({ topic }) => topic).sort()).toEqual([
      'hard-coded',
      'network',
      'packages',
      'system',
    ])
  })

  it('does not take a topic that took too long for an empty one', async () => {
    const { unknown } = await discoverHost(
      { ...bareOf(host), run: (script, options) => host.run(`sleep 5\n${script}`, options) },
      { timeoutMs: 200 },
    )
    expect(unknown.map(({ topic }) => topic).sort()).toEqual([
      'hard-coded',
      'jobs',
      'network',
      'packages',
      'runtimes',
      'services',
      'starters',
      'system',
    ])
    expect(unknown[0]?.reason).toContain('200 ms')
  })

  it('says when the application is not where it was said to be', async () => {
    const { unknown, hardCoded } = await discoverHost(host, { directories: [join(home, 'nowhere')] })
    expect(hardCoded).toEqual([])
    expect(unknown).toEqual([
      { topic: 'hard-coded', reason: `not there or not readable: ${join(home, 'nowhere')}` },
    ])
  })

  it('fails when the host is not the one that was approved', async () => {
    const other = hosts.host(sshd.target({ name: 'other', hostKey: `SHA256:${'A'.repeat(43)}` }))
    await expect(discoverHost(other)).rejects.toThrow(WrongHostKeyError)
  })
})

function bareOf(real: HostPort): HostPort {
  return {
    name: userInfo().username,
    address: real.address,
    run: (script, options) => real.run(script, options),
    readFile: (path) => real.readFile(path),
    start: (script) => real.start(script),
  }
}
