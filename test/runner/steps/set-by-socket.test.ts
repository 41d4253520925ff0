import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assertAsConfigured } from '../../../runner/steps/endpoint-http/ask-runtime.ts'
import { EndpointHttpParams } from '../../../runner/steps/endpoint-http/params.ts'
import { commandSockets } from '../../../runner/steps/endpoint-http/runtime-servers.ts'
import { LocalHost } from '../../support/local-host.ts'
import { freePort } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'
import { until } from '../../support/until.ts'

const entry = new LocalHost('entry')

describe('servers of haproxy that somebody set by its socket', () => {
  let directory: string
  let socket: string
  let proxy: ChildProcess
  let config: string

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'qianyun-socket-'))
    socket = join(directory, 'admin.sock')
    config = `global
    stats socket unix@${socket} mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend public
    bind 127.0.0.1:${String(await freePort())}
    default_backend permit_desk
backend permit_desk
    server one 127.0.0.1:1
    server two 127.0.0.1:2
backend of_others
    server heavy 127.0.0.1:3 weight 20
    server off 127.0.0.1:4 disabled
    server moved 127.0.0.1:5
backend kept
    load-server-state-from-file global
    server one 127.0.0.1:6
`
    const file = join(directory, 'haproxy.cfg')
    writeFileSync(file, config)
    proxy = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: 'ignore' })
    await until(async () => Promise.resolve(existsSync(socket)))
  }, 60_000)

  afterAll(async () => {
    proxy.kill('SIGKILL')
    await once(proxy, 'exit')
    rmSync(directory, { recursive: true })
  })

  async function tell(command: string): Promise<void> {
    const to = connect(socket)
    to.end(`${command}\n`)
    to.resume()
    await once(to, 'close')
  }

  const look = async (more: object = {}, text = config) =>
    assertAsConfigured(
      EndpointHttpParams.parse({
        host: 'entry',
        configFile: '/etc/haproxy/haproxy.cfg',
        service: 'haproxy',
        backend: 'permit_desk',
        servers: ['one', 'two'],
        to: ['127.0.0.1:8', '127.0.0.1:9'],
        ...more,
      }),
      { config: text, withoutRoot: true },
      stepContext([entry]),
    )

  it('let a switch pass while they are as they are written, of every backend', async () => {
    expect(await look()).toBe('seen')
  }, 60_000)

  it('are refused by name before a reload takes that back, those of other systems too, each with what undoes it', async () => {
    await tell('set server permit_desk/one state maint')
    await tell('set server permit_desk/two state drain')
    await tell('set server permit_desk/two addr 127.0.0.7 port 7')
    await tell('set server of_others/heavy weight 5')
    await tell('set server of_others/off state ready')
    await tell('set server of_others/moved addr 127.0.0.9 port 99')
    await tell('set server kept/one state maint')

    const refused = look()

    await expect(refused).rejects.toMatchObject({
      code: 'entry-not-ready',
      problems: [
        {
          code: 'server-set-by-socket',
          values: { object: 'permit_desk/one', back: 'set server permit_desk/one state ready' },
        },
        // Its address is written anew by the switch itself.
        { values: { object: 'permit_desk/two', back: 'set server permit_desk/two state ready' } },
        { values: { object: 'of_others/heavy', back: 'set server of_others/heavy weight 20' } },
        { values: { object: 'of_others/off', back: 'set server of_others/off state maint' } },
        { values: { object: 'of_others/moved', back: 'set server of_others/moved addr 127.0.0.1 port 5' } },
      ],
    })
    await expect(refused).rejects.toThrow(
      /server "of_others\/moved" of the proxy is not as its configuration has it: it leads to 127\.0\.0\.9:99, where its line has 127\.0\.0\.1:5/,
    )
  }, 60_000)

  it('pass under a waiver of their names, and once they are as they are written', async () => {
    const waiver = (pattern: string) => ({
      rule: 'server-set-by-socket',
      pattern,
      reason: 'Its owner knows.',
    })
    expect(await look({ waivers: [waiver('permit_desk/*'), waiver('of_others/*')] })).toBe('seen')
    await tell('set server permit_desk/one state ready')
    await tell('set server permit_desk/two state ready')
    expect(await look({ waivers: [waiver('of_others/*')] })).toBe('seen')
  }, 60_000)

  it('are unseen where the configuration has no socket, or nobody answers there', async () => {
    expect(await look({}, config.replace(/^.*stats socket.*$/m, ''))).toBe('unseen')
    expect(await look({}, config.replace('admin.sock', 'gone.sock'))).toBe('unseen')
  }, 60_000)
})

describe('sockets for commands', () => {
  it('are read in every spelling; those that only the process itself knows are left out', () => {
    const lines = [
      'stats socket /run/haproxy/admin.sock mode 660 level admin',
      'stats socket unix@haproxy.sock level user',
      'stats socket ipv4@127.0.0.1:9999 level admin',
      'stats socket *:9998',
      'stats socket [::1]:9997',
      'stats socket abns@haproxy',
      'stats socket fd@5',
      'stats socket "${SOCKET}"',
      'stats timeout 30s',
    ]
    expect(commandSockets(`global\n${lines.join('\n')}\ndefaults\n stats socket /no`)).toEqual([
      { kind: 'unix', path: '/run/haproxy/admin.sock' },
      { kind: 'unix', path: 'haproxy.sock' },
      { kind: 'tcp', address: '127.0.0.1', port: 9999 },
      { kind: 'tcp', address: '127.0.0.1', port: 9998 },
      { kind: 'tcp', address: '::1', port: 9997 },
    ])
  })
})
