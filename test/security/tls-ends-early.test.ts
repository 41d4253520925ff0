import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { DatabasePlace } from '../../domain/host.ts'
import { PostgresDatabase, tryLogin } from '../../families/postgresql/database.ts'
import { createSubscription } from '../../families/postgresql/replication/subscriptions.ts'
import { preflight } from '../../families/postgresql/census/findings.ts'
import { switchOver } from '../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
} from '../support/postgres-pair.ts'
import {
  adminPassword,
  adminUser,
  appPassword,
  makeFolder,
  removeFolder,
  startServer,
} from '../support/postgres-servers.ts'
import { makeAuthority, standBetween } from '../support/tls-middleman.ts'

/* Two servers that speak TLS, and what stands between them and the product, with a certificate of the same authority. */

const between = '127.0.0.2'
const unbound = {
  method: 'unbound',
  reason: 'The balancer of the old room ends TLS; it goes with the move.',
} as const

let folder: string
let authority: ReturnType<typeof makeAuthority>
let pair: Pair
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  folder = await makeFolder('tls')
  authority = makeAuthority(folder)
  pair = await startPair('tls-ends', {}, async (where, name, version) => {
    const { cert, key } = authority.sign(name)
    return startServer(where, name, version, { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key })
  })
  await makeApplication(pair)
}, 120_000)

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

afterAll(async () => {
  await pair.stop()
  await removeFolder(folder)
}, 30_000)

const serverOf = (called: 'source' | 'target') => (called === 'source' ? pair.old : pair.new)

/** A side for which the plan has TLS. */
function side(called: 'source' | 'target', more: Partial<DatabasePlace> = {}): PostgresDatabase {
  const ref: DatabasePlace = {
    ...{
      host: called,
      address: '127.0.0.1',
      port: serverOf(called).port,
      database,
      adminUser,
      appRoles: [appRole],
    },
    ...{ adminSecret: 'admin', appSecret: 'app', tls: { ca: authority.ca } },
    ...more,
  }
  return new PostgresDatabase(called, ref, async (name) => (name === 'admin' ? adminPassword : appPassword))
}

async function endTls(of: 'source' | 'target', behind: 'in clear' | 'anew') {
  const certificate = authority.sign(`between-${of}-${String(stops.length)}`)
  const standing = await standBetween({ address: between, port: serverOf(of).port }, certificate, behind)
  stops.push(standing.stop)
  return standing
}

describe('what ends TLS on the way to a server', () => {
  it.each(['source', 'target'] as const)('is not seen where nothing does: %s', async (called) => {
    const client = await side(called).connect({ database: 'postgres' })
    const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
    await client.end()
    expect(rows).toEqual([{ ssl: true }])
  })

  it.each(['in clear', 'anew'] as const)('has nobody log in, when it goes on %s', async (behind) => {
    await endTls('source', behind)
    const reached = side('source', { address: between })
    await expect(reached.connect()).rejects.toMatchObject({
      code: 'tls-ends-early',
      place: `${between}:${String(pair.old.port)}`,
      user: adminUser,
    })
    await expect(tryLogin(reached, appRole, appPassword)).rejects.toMatchObject({ code: 'tls-ends-early' })
  })

  it.each(['in clear', 'anew'] as const)(
    'has no server follow another, when it goes on %s',
    async (behind) => {
      await endTls('source', behind)
      const client = await side('target').connect({ database: 'postgres' })
      try {
        const made = createSubscription(client, {
          ...{ name: 'unbound', publisher: side('source', { replicationAddress: between }), copyData: false },
          ...{ createSlot: true, enabled: true, originNone: false },
        })
        await expect(made).rejects.toThrow(/channel binding/)
      } finally {
        await client.end()
      }
    },
    60_000,
  )

  it.each(['source', 'target'] as const)(
    'is found as the hosts are handed over, where logins are not bound: %s',
    async (called) => {
      await endTls(called, 'in clear')
      const unsafe = side(called, { address: between, weakLogin: unbound })
      const [source, target] = called === 'source' ? [unsafe, side('target')] : [side('source'), unsafe]
      const found = preflight(source, { target, waivers: {}, entries: [] })
      await expect(found).rejects.toMatchObject({ code: 'census-refused' })
      await expect(found).rejects.toThrow(
        /"qianyun-preflight" ends before it: one end speaks "TLSv1\.\d \w+", .* "ssl=off"/,
      )
      const waivers = {
        [`${between}:${String(serverOf(called).port)}`]: 'The balancer is ours, and so is what is behind it.',
      }
      await preflight(source, { target, waivers, entries: [] })
    },
    60_000,
  )

  it('is found in what the other server follows before a switch, and is told on the way back', async () => {
    await endTls('source', 'in clear')
    await endTls('target', 'in clear')
    const waivers = { [`127.0.0.1:${String(pair.old.port)}`]: 'Until the room closes.' }
    const more = { replicationAddress: between, weakLogin: unbound }
    const [source, target] = [side('source', more), side('target', more)]
    await replicate({ ...pair, source, target }, waivers)
    const refused = switchOver(switchPlan(pair, source, target))
    await expect(refused).rejects.toMatchObject({ code: 'census-refused' })
    await expect(refused).rejects.toThrow(
      /"qianyun_permit_g1?\d*" ends before it: one end speaks "sslmode=require"/,
    )

    await switchOver(switchPlan(pair, source, target, { waivers }))
    const told: string[] = []
    await switchOver(switchPlan(pair, target, source, { say: (line) => void told.push(line) }))
    expect(told.join('\n')).toMatch(/not refused on the way back: The plan has TLS to server/)
  }, 120_000)
})
