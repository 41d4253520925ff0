import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { assessDatabase, judgeFacts } from '../../../families/postgresql/assess.ts'
import type { PostgresDatabase } from '../../../families/postgresql/database.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import type { DatabaseFacts } from '../../../families/postgresql/facts/database-facts.ts'
import { outageFacts } from '../../../families/postgresql/facts/outage-facts.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import { OutageWatch } from '../../../families/postgresql/outage-watch.ts'
import { withClient } from '../../../families/postgresql/server/connections.ts'
import { ensureControl } from '../../../families/postgresql/server/control.ts'
import { keepLogLook, peakRate } from '../../../families/postgresql/server/log-rate.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { databaseFacts } from '../../support/facts.ts'
import { LocalHost } from '../../support/local-host.ts'
import {
  type Pair,
  database,
  makeApplication,
  port,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'

const years = 10 * 365 * 86_400_000
const gigabyte = 2 ** 30

let pair: Pair

beforeAll(async () => {
  pair = await startPair('outage')
  await makeApplication(pair)
}, 60_000)

afterAll(async () => {
  await pair.stop()
}, 30_000)

const here = () => new LocalHost('old-1')

/** A side whose policy asks for an outage of any length. */
function side(role: 'source' | 'target', toSurviveMs: number, host: () => HostPort = here): PostgresDatabase {
  const number = role === 'source' ? pair.old.port : pair.new.port
  return port(role, number, database, { host, outageToSurviveMs: toSurviveMs })
}

const lookAt = async (place: PostgresDatabase) =>
  withClient(place, 'test', async (client) => outageFacts(client, place), 'postgres')

/** Fills segments of the log. */
const write = async (serverPort: number, times: number) =>
  withServer(serverPort, 'postgres', async (client) => {
    await client.query('create table if not exists filler (line text)')
    for (let done = 0; done < times; done += 1) {
      await client.query(
        `insert into filler select repeat(md5(g::text), 30) from generate_series(1, 15000) g`,
      )
    }
    await client.query('truncate filler')
  })

describe('how fast a log grows', () => {
  const at = (second: number, bytes: number) => ({ atMs: second * 1_000, bytes })

  it('is its fastest minute, not the mean and not a moment', () => {
    expect(peakRate([])).toBe(0)
    expect(peakRate([at(0, 500)])).toBe(0)
    expect(peakRate([at(0, 0), at(3_600, 3_600)])).toBe(1)
    expect(peakRate([at(0, 0), at(3_600, 3_600), at(3_660, 9_600), at(7_200, 9_700)])).toBe(100)
    expect(peakRate([at(0, 0), at(1, 6_000)])).toBe(100)
  })

  it('is seen by the segments that were filled, and by the looks kept of times long past', async () => {
    const before = (await lookAt(side('source', 1))).logBytesPerSecond
    await write(pair.old.port, 5)
    const { logBytesPerSecond: after } = await lookAt(side('source', 1))
    expect(after).toBeGreaterThan(before)
    expect(after).toBeGreaterThan(500_000)

    await ensureControl(pair.source)
    await keepLogLook(pair.source)
    await keepLogLook(pair.source)
    await withServer(pair.old.port, 'qianyun_control', async (client) => {
      const { rows } = await client.query('select from log_look')
      expect(rows).toHaveLength(1)
      // A night's batch three weeks ago: six gigabytes in a minute.
      await client.query(
        `insert into log_look values (1, now() - interval '21 days 1 minute', '0/0'),
                                     (2, now() - interval '21 days', '1/80000000')`,
      )
    })
    expect((await lookAt(side('source', 1))).logBytesPerSecond).toBeGreaterThan((6 * gigabyte) / 61)
    await withServer(pair.old.port, 'qianyun_control', async (client) =>
      client.query('delete from log_look where span < 3'),
    )
  }, 60_000)
})

describe('what is free where a server keeps its log', () => {
  it('is asked of its host', async () => {
    const found = await lookAt(side('source', 1))
    const { bavail, bsize } = await statfs(pair.folder)
    expect(Math.abs((found.logFreeBytes ?? 0) - bavail * bsize)).toBeLessThan(2 * gigabyte)
    expect(found.dataFreeBytes).toBeGreaterThan(0)
    expect(found.unknownBecause).toBeUndefined()
  })

  it('is unknown, and says why, without a host, with one that refuses, and with one where another server lies', async () => {
    const refusing = () => {
      throw new Error('no host key is pinned for "new-1"')
    }
    const elsewhere = () => {
      const host = here()
      const run = host.run.bind(host)
      host.run = async (script, options) =>
        run(script.replaceAll(join(pair.folder, 'old'), join(pair.folder, 'new')), options)
      return host
    }
    const blind = () => {
      const host = here()
      const run = host.run.bind(host)
      host.run = async (script, options) => run(script.replaceAll(pair.folder, '/nowhere'), options)
      return host
    }
    const why = async (host: (() => HostPort) | undefined) => {
      const place =
        host === undefined
          ? port('source', pair.old.port, database, { outageToSurviveMs: 1 })
          : side('source', 1, host)
      return (await lookAt(place)).unknownBecause
    }
    expect(await why(undefined)).toMatch(/no host is known/)
    expect(await why(refusing)).toMatch(/no host key is pinned/)
    expect(await why(elsewhere)).toMatch(/belongs to another server/)
    expect(await why(blind)).toMatch(/cannot read/)
  })
})

describe('an outage that is not survived', () => {
  const codes = (findings: readonly { code: string; subject: string }[]) =>
    findings
      .filter(({ code }) => /^outage|^disk|^no-room/.test(code))
      .map(({ code, subject }) => `${code} ${subject}`)
      .toSorted()

  it('is found at the assessment on each side, or said to be unknown, and how long it may be otherwise', async () => {
    await write(pair.new.port, 2)
    const [old, neu] = [`127.0.0.1:${pair.old.port}`, `127.0.0.1:${pair.new.port}`]
    const assess = async (toSurviveMs: number, host?: () => HostPort) =>
      codes(
        (
          await assessDatabase(side('source', toSurviveMs), {
            target: side('target', toSurviveMs, host),
            waivers: [],
          })
        ).findings,
      )
    expect(await assess(years)).toEqual(
      [`outage-not-survived ${old}`, `outage-not-survived ${neu}`].toSorted(),
    )
    expect(await assess(1)).toEqual([`outage-survived ${old}`, `outage-survived ${neu}`].toSorted())
    const refusing = () => {
      throw new Error('no host key')
    }
    expect(await assess(1, refusing)).toEqual([`disk-unseen ${neu}`, `outage-survived ${old}`])
  }, 60_000)

  it('is refused before replication begins and before a switch, by the limit or the disk, and can be waived', async () => {
    const from = side('source', years)
    const to = side('target', years)
    const refused = await replicate(pair, {}, { from, to }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(CensusRefusedError)
    expect((refused as Error).message).toMatch(/\(pg_wal\)[^]*outageToSurviveHours/)

    await replicate(pair)
    const plan = switchPlan(pair, from, to)
    const late = await switchOver(plan).catch((error: unknown) => error)
    expect(late).toBeInstanceOf(CensusRefusedError)

    await withServer(pair.new.port, 'postgres', async (client) => {
      await client.query(`alter system set max_slot_wal_keep_size = '512MB'`)
      await client.query('select pg_reload_conf()')
    })
    const waivers = ['source', 'target'].map((role) => ({
      rule: 'outage-not-survived',
      pattern: `127.0.0.1:${role === 'source' ? pair.old.port : pair.new.port}`,
      reason: 'the network is ours, and watched',
    }))
    await switchOver({ ...plan, waivers })

    // The way back is open whatever it says of outages to come.
    await switchOver(switchPlan(pair, to, from))
    await switchOver({ ...plan, waivers })
  }, 120_000)

  it('puts the way back at risk as soon as less is left than is to be survived', async () => {
    const reasons = async (toSurviveMs: number, waivers: Parameters<typeof lookAtWayBack>[3] = []) => {
      const to = side('target', toSurviveMs)
      const outage = new OutageWatch(to)
      const kept = { outage }
      outage.left(undefined, [])
      await outage.settled()
      await until(async () => (await lookAtWayBack(to, pair.source, kept, waivers)).reached?.old === true)
      const { health } = await lookAtWayBack(to, pair.source, kept, waivers)
      return health.reasons.filter(({ code }) => code === 'outage-not-survived').map(({ values }) => values)
    }
    // 512 MB of log, kept by the slot, at a rate that writing gave it.
    expect(await reasons(years)).toEqual([expect.objectContaining({ needed: 87_600 })])
    expect(await reasons(1_000)).toEqual([])
    const waived = [
      { rule: 'outage-not-survived', pattern: `127.0.0.1:${pair.new.port}`, reason: 'agreed with the owner' },
    ]
    expect(await reasons(years, waived)).toEqual([])
  }, 60_000)
})

describe('a copy', () => {
  const target = (free: number, sizeBytes: number) => ({
    exists: false,
    facts: databaseFacts({
      sizeBytes,
      port: 5433,
      outage: { logBytesPerSecond: 0, dataFreeBytes: free, logFreeBytes: free, toSurviveMs: 1 },
    }),
  })
  const found = (own: Partial<DatabaseFacts>, there: ReturnType<typeof target>) =>
    judgeFacts(databaseFacts(own), { waivers: [], target: there }).findings.filter(
      ({ code }) => code === 'no-room-for-copy',
    )

  it('that does not fit the disk of the new side is found before it begins; what is there already counts', () => {
    const own = { sizeBytes: 100 * gigabyte }
    expect(found(own, target(99 * gigabyte, 0))[0]?.message.en).toMatch(
      /102400 MB.*101376 MB left.*112640 MB/,
    )
    expect(found(own, target(120 * gigabyte, 0))).toEqual([])
    expect(found(own, target(20 * gigabyte, 95 * gigabyte))).toEqual([])
  })
})
