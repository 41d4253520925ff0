import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import { OverBudgetError } from '../../runner/language/budget.ts'
import type { Attack } from '../../soak/hostile/attack.ts'
import { hostileDatabases, hostileHosts } from '../../soak/hostile/hostile-servers.ts'
import { fuzzApart } from '../../soak/hostile/languages-apart.ts'
import { fuzzLanguages } from '../../soak/hostile/languages.ts'
import { printedSecrets } from '../../soak/hostile/printed-secrets.ts'
import { row, type HostileRoom } from '../../soak/hostile/room.ts'
import { secretsOfOthers } from '../../soak/hostile/secrets.ts'
import { Dice } from '../../soak/dice.ts'
import { inTime, kinds, stands } from '../../soak/hostile.ts'
import { registerPeople } from '../support/credentials.ts'
import { useDatabase } from '../support/database.ts'
import { sendTo } from '../support/open-api.ts'
import { SystemStore } from '../../storage/systems.ts'
import { System } from '../../domain/ledger/system.ts'
import { actors } from '../support/actors.ts'
import { PaperRoom } from '../support/paper-room.ts'

const database = useDatabase()
let door: Server
let room: HostileRoom
let taken = 0

/** A product whose doors stand open: it does whatever anybody asks, and never says the same twice. */
beforeAll(async () => {
  door = createServer((request, response) => {
    const said = request.method === 'POST' && request.url?.includes('/lint') === true ? 500 : undefined
    void (async () => {
      if (request.url?.startsWith('/systems') === true)
        await database.pool.query(
          `update system set content = (content::jsonb || jsonb_build_object('mlpsLevel', $1::int))::json`,
          [(taken += 1)],
        )
      const status =
        said ?? (request.url?.includes('/commands') === true ? 202 : request.method === 'POST' ? 201 : 200)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ sequence: (taken += 1), migration: 'permit-desk-1' }))
    })()
  }).listen(0, '127.0.0.1')
  await once(door, 'listening')
  const url = `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`
  const people = await registerPeople(database.pool)
  await new SystemStore(database.pool).import([System.parse(row)], actors.coordinator, 1)
  const [plan, migration, task, run] = ['permit-desk-plan', 'permit-desk-1', 'accept-findings', 'run-1']
  const rest = { evidence: '0'.repeat(64), fact: '0'.repeat(64), playbook: 'permit-desk-deploy' }
  room = {
    api: {
      ...{ url, people, pool: database.pool },
      send: async (name: never, call: never) => sendTo(url, people, name, call),
      call: async (name: string) =>
        name === 'verifyAudit' ? { verified: false } : { standing: 'ended-outside' },
    },
    client: {
      workflow: {
        getHandle: () => ({ executeUpdate: async () => undefined }),
        execute: async () => undefined,
      },
    },
    hosts: new PaperRoom(),
    subject: { system: row.system, plan, migration, task, run, ...rest },
    close: async () => undefined,
  } as never
}, 60_000)

afterAll(() => {
  door.close()
  door.closeAllConnections()
})

/** Tells a server the password, whoever it is, and then asks it something. */
async function openLogin(port: number, password: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.resume().end(password)
  await once(socket, 'close')
}

/** Logs in to whichever host answers. */
async function openConnection(port: number, privateKey: string): Promise<void> {
  const client = new ssh2.Client()
  const ready = once(client, 'ready')
  client.connect({ host: '127.0.0.1', port, username: 'root', privateKey })
  await ready.finally(() => client.end())
}

const withOpenDoor: Readonly<Record<string, Attack>> = {
  'secrets that hosts print': printedSecrets(async ({ secrets }) => JSON.stringify(secrets)),
  'secrets of others': secretsOfOthers(() => ({ read: async () => 'value' })),
  'hostile databases and poolers': hostileDatabases({ administrator: openLogin }),
  'hostile hosts': hostileHosts(openConnection),
}

describe('the soak sees an open door', () => {
  it.each(kinds.map(([name, , attack]) => [name, attack] as const))(
    'of %s',
    async (name, closed) => {
      const dice = new Dice(8)
      const attack: Attack = withOpenDoor[name] ?? closed
      const succeeded: string[] = []
      for (let tries = 0; tries < 20 && succeeded.length === 0; tries += 1)
        succeeded.push(...(await attack(room, dice)).succeeded)
      expect(succeeded).not.toEqual([])
    },
    60_000,
  )

  it('of languages: a text that takes long, one that throws what is no refusal, and one without an end', async () => {
    const reader = (read: () => unknown) => [['expression', ['1 + 1'], read]] as const
    const slow = () => {
      const until = process.cpuUsage().user + 60_000
      while (process.cpuUsage().user < until);
    }
    const thrown = () => {
      throw new OverBudgetError(1)
    }
    const seen = [
      await fuzzLanguages(new Dice(8), 1, reader(slow), 50),
      await fuzzLanguages(new Dice(8), 1, reader(thrown)),
      await fuzzApart(8, 1, ['-e', 'setInterval(() => undefined, 1000)'], 500),
      await fuzzApart(8, 1, ['-e', 'process.exit(134)']),
    ]
    expect(seen.map(({ succeeded }) => succeeded.length)).toEqual([1, 1, 1, 1])
  }, 60_000)

  it('of a request that is never answered, and of a move that does not stand afterwards', async () => {
    const late = await inTime(new Promise(() => undefined), 100)
    expect(late.succeeded).toEqual(['there was no answer'])
    expect((await stands(room)).succeeded).toHaveLength(2)
  })
})
