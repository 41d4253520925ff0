import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startEntry } from '../../support/postgres-entry.ts'

let folder: string
let servers: Server[]
const program = join(import.meta.dirname, '../../support/ask-by-name.ts')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-names-'))
  // The account of the pooler reads its configuration there.
  chmodSync(folder, 0o755)
  servers = []
})
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Listens at an address, on the port of the others. */
async function serve(address: string, listener: RequestListener): Promise<number> {
  const [first] = servers
  const port = first === undefined ? 0 : (first.address() as AddressInfo).port
  const server = createServer(listener).listen(port, address)
  await once(server, 'listening')
  servers.push(server)
  return (server.address() as AddressInfo).port
}

/** What is asked, by a name that leads to these addresses. */
interface Asked {
  readonly what: string
  readonly addresses: readonly string[]
  readonly settings?: (name: string) => object
}

/** Asks one after the other in a process with a hosts file of its own: each has a name of its own there. */
async function ask(port: number, all: readonly Asked[]) {
  const hosts = join(folder, 'hosts')
  const named = all.map((one, n) => ({ ...one, name: `entry-${String(n)}.qianyun.test` }))
  const lines = named.flatMap(({ name, addresses }) => addresses.map((address) => `${address} ${name}`))
  writeFileSync(hosts, ['127.0.0.1 localhost', ...lines, ''].join('\n'))
  const words = [
    ...['--mount', '--propagation', 'private', 'sh', '-c'],
    'mount --bind "$1" /etc/hosts && shift && exec "$@"',
  ]
  const questions = named.map(({ what, name, settings }) => {
    return [what, settings?.(name) ?? { url: `http://${name}:${String(port)}/health` }]
  })
  const command = [process.execPath, '--import', 'tsx', program, JSON.stringify(questions)]
  const { stdout } = await promisify(execFile)('unshare', [...words, 'sh', hosts, ...command])
  return JSON.parse(stdout) as readonly {
    readonly found?: Record<string, unknown>
    readonly failed?: string
  }[]
}

const good: RequestListener = (_, response) => void response.end('ok')
const bad: RequestListener = (_, response) => void response.writeHead(503).end()

describe('a name that leads to several addresses', () => {
  it('is checked at each of them, and the one that is wrong is named', async () => {
    const port = await serve('127.0.0.2', good)
    await serve('::1', good)
    await serve('127.0.0.3', bad)
    const check = (...addresses: readonly string[]) => ({ what: 'check', addresses })
    const [all, refused, wrong, unknown] = await ask(port, [
      check('127.0.0.2', '::1'),
      check('127.0.0.2', '127.0.0.4'),
      check('127.0.0.2', '127.0.0.3', '::1'),
      check('127.0.0.2', 'ff0e::1'),
    ])
    expect(all?.found).toMatchObject({ status: 200, addresses: expect.arrayContaining(['127.0.0.2', '::1']) })
    expect(refused?.failed).toMatch(/at 127\.0\.0\.4, .*ECONNREFUSED/)
    expect(wrong?.failed).toContain('at 127.0.0.3, one of the addresses of the name, the status is 503')
    expect(unknown?.found).toMatchObject({ notAsked: ['ff0e::1'] })
  }, 60_000)

  it('is asked once where asking changes something', async () => {
    let asked = 0
    const counting: RequestListener = (request, response) => {
      asked += 1
      good(request, response)
    }
    const port = await serve('127.0.0.2', counting)
    await serve('127.0.0.3', counting)
    const settings = (name: string) => ({ url: `http://${name}:${String(port)}/`, method: 'POST' })
    const [once] = await ask(port, [{ what: 'check', addresses: ['127.0.0.2', '127.0.0.3'], settings }])
    expect([once?.found?.['status'], asked]).toEqual([200, 1])
  }, 60_000)

  it('is available if each address is, and the incident names the one that is not', async () => {
    const port = await serve('127.0.0.2', good)
    await serve('::1', bad)
    const [half, whole] = await ask(port, [
      { what: 'observe', addresses: ['127.0.0.2', '::1'] },
      { what: 'observe', addresses: ['127.0.0.2', '127.0.0.2'] },
    ])
    expect(half?.found).toMatchObject({
      incidentCount: 1,
      incidents: [{ reason: 'wrong-status', at: '::1' }],
    })
    expect(whole?.found).toMatchObject({ failures: 0 })
  }, 60_000)

  it('takes a public write at each address', async () => {
    const at = (host: string, keeps: boolean): RequestListener => {
      const kept: string[] = []
      return (request, response) => {
        if (request.method === 'POST') request.on('data', (chunk) => keeps && kept.push(String(chunk)))
        response.end(request.method === 'POST' ? '{}' : `${host}: ${kept.join()}`)
      }
    }
    const port = await serve('127.0.0.2', at('a', true))
    await serve('127.0.0.3', at('b', true))
    await serve('127.0.0.4', at('c', false))
    const [both, lost] = await ask(port, [
      { what: 'write', addresses: ['127.0.0.2', '127.0.0.3'] },
      { what: 'write', addresses: ['127.0.0.2', '127.0.0.4'] },
    ])
    expect(both?.found).toMatchObject({ status: 200 })
    expect(lost?.failed).toContain('at 127.0.0.4')
  }, 60_000)
})

describe('a pooler whose name leads to several addresses', () => {
  it('has all processes behind them, and one that does not answer is not passed over', async () => {
    const entry = await startEntry(folder, [], [], { name: 'pooler' })
    const { port, adminUser: user, adminPassword: password } = entry
    const elsewhere = ['listen_addr = 127.0.0.2', `listen_port = ${String(port)}`]
    const other = await startEntry(folder, [], [], { name: 'other', settings: elsewhere })
    try {
      const settings = (address: string) => ({ address, port, user, password })
      const found = await ask(
        port,
        [['127.0.0.1'], ['127.0.0.1', '127.0.0.2'], ['127.0.0.1', '127.0.0.3']].map((addresses) => {
          return { what: 'pooler', addresses, settings }
        }),
      )
      expect(found.map((one) => one.found)).toEqual([
        { processes: 1, everyone: 'answers' },
        { processes: 2, everyone: 'answers' },
        { processes: 1, everyone: expect.stringContaining('127.0.0.3') },
      ])
    } finally {
      await other.stop()
      await entry.stop()
    }
  }, 60_000)
})
