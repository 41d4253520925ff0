import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createBothSidesActivities } from '../../../activities/both-sides.ts'
import { PlanPlaces } from '../../../activities/plan-places.ts'
import { createSidesActivities } from '../../../activities/sides.ts'
import { releaseTextOf } from '../../../domain/move/rules/release.ts'
import { said } from '../../../domain/words/said.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import type { GapPart } from '../../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { FactStore } from '../../../storage/facts.ts'
import { MigrationStore } from '../../../storage/migrations.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { actors } from '../../support/actors.ts'
import { movesOver } from '../../support/api-move.ts'
import { dieInChild } from '../../support/die-in-child.ts'
import { atRest } from '../../support/faults.ts'
import { LocalHost } from '../../support/local-host.ts'
import { useMoves } from '../../support/moves.ts'
import { samplePlanInput } from '../../support/plan-input.ts'
import { switched } from '../../support/paper-room.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { adminPassword, adminUser, appPassword } from '../../support/postgres-servers.ts'
import { type Act, acts, recordMove } from '../../support/recorded-moves.ts'
import type { Death } from '../../support/switch-and-die.ts'
import { until } from '../../support/until.ts'

/** Hosts are this machine; databases and their entry are the pair's own. */
class PairPlaces extends PlanPlaces {
  override host(_plan: unknown, name: string) {
    return new LocalHost(name)
  }
}

const { api, room, client } = useMoves()
const hostPool = new HostPool()
let pair: Pair
let writers: LedgerWriters

const secrets = {
  read: async (name: string) => {
    if (name === 'pgbouncer') return pair.entry.adminPassword
    return name === 'admin' ? adminPassword : appPassword
  },
}
const places = new PairPlaces(hostPool, secrets)
const bothSides = {
  places,
  facts: { text: async (digest: string) => new FactStore(api.pool).text(digest) },
  closedTasksOf: async () => [],
  waivedOf: async () => undefined,
}
// What is said of sides and done on them is real; the rest of a move is on paper.
Object.assign(
  room.activities,
  createBothSidesActivities(bothSides as never),
  createSidesActivities({ places }),
)

/** Records a move of the pair whose workflow is lost, and gives what looks at it. */
async function recordOfPair(system: string, done: readonly Act[]) {
  const { databasesFile, adminUser: console } = pair.entry
  const place = (host: 'source' | 'staging' | 'target', port: number) => ({
    host,
    address: '127.0.0.1',
    port,
    database,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
  })
  await recordMove(api, system, done, {
    datasets: {
      database: {
        family: 'postgresql',
        source: place('source', pair.old.port),
        staging: place('staging', 1),
        target: place('target', pair.new.port),
      },
    },
    endpoints: {
      ...samplePlanInput({ system }).endpoints,
      database: {
        kind: 'pgbouncer',
        fronts: 'database',
        host: 'entry',
        address: '127.0.0.1',
        port: pair.entry.port,
        adminUser: console,
        adminSecret: 'pgbouncer',
        entryName: database,
        databasesFile,
      },
    },
  })
  return movesOver(api, { system })
}

const params = (system: string) => ({ system })
const recover = async (system: string) =>
  api.call('recoverMove', {
    as: 'operations',
    params: params(system),
    body: { reason: 'its workflow was terminated' },
  })
async function abort(system: string): Promise<void> {
  await api.call('abort', { as: 'operations', params: params(system), body: { reason: 'enough' } })
  await movesOver(api, { system }).until('aborted', (m) => m.standing === 'aborted')
}
const onNew = async (sql: string) =>
  withServer(pair.new.port, database, async (one) => one.query<Record<string, unknown>>(sql))

/** Ends the workflow of a move as an administrator of Temporal does. */
const terminate = async (system: string) =>
  client().workflow.getHandle(`migration/${system}`).terminate('cleaning up')

const waivers = { 'large-objects': 'They are carried at the switch.' }
/** A switch compares where its plan names tables, and carries large objects where a waiver lets them pass. */
const passingEachPart = { waivers, verifyTables: ['public.permit'] }
const seal = 4_711
const sealOn = async (port: number) =>
  withServer(port, database, async (one) => {
    const { rows } = await one.query<{ seal: string }>(`select lo_get(${seal})::text as seal`)
    return rows[0]?.seal
  })

beforeAll(async () => {
  pair = await startPair('recovered')
  await makeApplication(pair)
  await withServer(pair.old.port, database, async (one) => one.query(`select lo_from_bytea(${seal}, 'new')`))
  await replicate(pair, waivers)
  writers = await startWriters(pair)
}, 120_000)

afterAll(async () => {
  await writers.stop()
  await pair.stop()
  await hostPool.close()
}, 60_000)

/** A runner alone carries the switch out, there or back, and is killed in it, with nobody beside it. */
async function dieAt(atPart: GapPart, way: 'there' | 'back' = 'there'): Promise<void> {
  const [from, to] = way === 'there' ? [pair.old, pair.new] : [pair.new, pair.old]
  const death: Death = {
    from: from.port,
    to: to.port,
    ...passingEachPart,
    entryPort: pair.entry.port,
    databasesFile: pair.entry.databasesFile,
    guarded: false,
    atPart,
  }
  await dieInChild('switch-and-die.ts', death)
}

describe('a runner killed in a switch whose workflow is lost as well', () => {
  /** The old side is about to be closed; both are, and neither can be open; the commit is about to be sent. */
  const parts = ['fence', 'largeObjects', 'verify', 'subscribe', 'open'] as const satisfies readonly GapPart[]

  it.each(parts)(
    'at "%s": carrying the move on opens one side, with its clients and its replication',
    async (part) => {
      const system = `at-${part.toLowerCase()}`
      const { until: comes } = await recordOfPair(system, acts.switching)
      await dieAt(part)
      await recover(system)
      const m = await comes('settled', (at) => at.step === undefined && at.cutover === undefined)
      expect(m).toMatchObject({ phase: 'cutover', switches: [] })
      expect((await atRest(pair, 20_000)).serving).toBe(pair.source)
      expect(await goOn(writers)).toBe(true)
      await abort(system)
    },
    240_000,
  )

  it('after its commit: the new side serves, and a rollback and an abort give the move up', async () => {
    const system = 'at-switch'
    const { until: comes } = await recordOfPair(system, acts.switching)
    await dieAt('switch')
    await recover(system)
    await comes('retention', (m) => m.retention !== undefined)
    expect((await atRest(pair, 20_000)).serving).toBe(pair.target)
    expect(await goOn(writers)).toBe(true)
    // Terminated once more, with the new side serving, and given up.
    await terminate(system)
    await recover(system)
    room.of(system).scripts.set('rollback-1', async () => {
      await switchOver(switchPlan(pair, pair.target, pair.source, passingEachPart))
      return { done: [{ ...switched, result: { ...switched.result, generation: 2 } }] }
    })
    await api.call('rollBack', { as: 'operations', params: params(system), body: { reason: 'given up' } })
    await comes('rolled back', (m) => m.round === 2)
    expect((await atRest(pair, 20_000)).serving).toBe(pair.source)
    await abort(system)
  }, 240_000)
})

describe('a runner killed in a rollback whose workflow is lost as well', () => {
  const asked: Act = { command: { name: 'roll-back', reason: 'payment fails' }, actor: actors.operations }
  /** Up to the commit on the old side, and after it. */
  const parts = [
    'fence',
    'largeObjects',
    'verify',
    'subscribe',
    'open',
    'switch',
  ] as const satisfies readonly GapPart[]

  it.each(parts)(
    'at "%s": carrying the move on ends the rollback, with all that the new side took',
    async (part) => {
      const system = `back-at-${part.toLowerCase()}`
      const { until: comes } = await recordOfPair(system, [...acts.retention, asked])
      await switchOver(switchPlan(pair, pair.source, pair.target, passingEachPart))
      await onNew(`select lo_put(${seal}, 0, '${part}')`)
      // An activity that is tried again finds the switch under way, as a step finds its journal.
      let going: ReturnType<typeof switchOver> | undefined
      room.of(system).scripts.set('rollback-1', async () => {
        going ??= switchOver(switchPlan(pair, pair.target, pair.source, passingEachPart))
        expect(await going).toMatchObject({ openSide: 'source', armed: true })
        return { done: [{ ...switched, result: { ...switched.result, generation: 2 } }] }
      })
      await dieAt(part, 'back')

      await recover(system)
      const m = await comes('rolled back', (at) => at.round === 2)
      expect(m.switches.map(({ kind }) => kind)).toEqual(['cutover', 'rollback'])
      expect(m.tasks.map(({ kind }) => kind)).toContain('acknowledge-rollback')
      expect((await atRest(pair, 20_000)).serving).toBe(pair.source)
      expect(await goOn(writers)).toBe(true)
      expect(await sealOn(pair.old.port)).toBe(await sealOn(pair.new.port))
      await abort(system)
    },
    240_000,
  )
})

describe('a way back that is lost, of a move whose workflow is lost as well', () => {
  const system = 'lost-way'

  it('is armed again by the ordinary command, with the new side serving', async () => {
    await switchOver(switchPlan(pair, pair.source, pair.target, passingEachPart))
    const { rows } = await withServer(pair.old.port, database, async (one) => {
      const links = await one.query<{ name: string }>('select subname as name from pg_subscription')
      await one.query(`alter subscription ${String(links.rows[0]?.name)} disable`)
      return links
    })
    const slot = String(rows[0]?.name)
    await until(async () => {
      const used = await onNew(`select from pg_replication_slots where slot_name = '${slot}' and active`)
      return used.rowCount === 0
    })
    await onNew(`select pg_drop_replication_slot('${slot}')`)
    await onNew(`insert into permit (applicant) values ('nobody carries this')`)
    const lost: Act = {
      emit: 'way-back-changed',
      data: { state: 'lost', reasons: [said('reverse-slot-missing')] },
    }
    const { until: comes } = await recordOfPair(system, [...acts.retention, lost])
    await recover(system)
    await api.call('rearmWayBack', { as: 'operations', params: params(system), body: { reason: 'lost' } })
    await comes('rearming', (m) => m.step?.id === 'rearm-way-back')
    // Terminated in the middle of that too: it is begun again by carrying the move on.
    await terminate(system)
    await until(async () =>
      recover(system).then(
        () => true,
        () => false,
      ),
    )
    await comes('seeded', (m) => m.rearm === undefined && m.step === undefined)
    await until(async () => {
      const { health } = await lookAtWayBack(pair.target, pair.source)
      return health.channel === 'running' && health.reasons.length === 0
    })
    expect((await atRest(pair, 20_000)).serving).toBe(pair.target)
  }, 240_000)

  it('ends with the release of the old data and its removal, as it would have', async () => {
    const { until: comes, signatureOf } = movesOver(api, { system })
    room.of(system).scripts.set('close', async () => {
      await disarm({
        sides: [pair.source, pair.target],
        closedSide: 'keep',
        waivers: {},
        say: () => undefined,
      })
      return {
        done: [{ step: 'wipe', kind: 'wipe', result: { proofDigest: 'e'.repeat(64), removedBytes: 1 } }],
      }
    })
    const statement = 'remove it'
    const move = await new MigrationStore(api.pool).get(`${system}-1`)
    const text = releaseTextOf(move, { by: actors.owner, statement })
    const body = { statement, ...signatureOf('owner', text) }
    await api.call('releaseRetention', { as: 'owner', params: params(system), body })
    const m = await comes('wiped', (at) => at.disposal !== undefined)
    expect(m.wayBack).toBe('disarmed')
    await writers.stop()
    expect(await lostOn(pair.new.port, writers)).toBe(0)
  }, 120_000)
})
