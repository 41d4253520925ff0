import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NotGivenUpError } from '../../../families/postgresql/copy/errors.ts'
import { dropDatabase } from '../../../families/postgresql/copy/make-database.ts'
import { implementation as postgresql } from '../../../families/postgresql/index.ts'
import { readEntry } from '../../../families/postgresql/pgbouncer/databases-file.ts'
import { say } from '../../../domain/words/said.ts'
import { lookAfterForward } from '../../../families/postgresql/replication/look-after.ts'
import { startReplication } from '../../../families/postgresql/replication/start.ts'
import { disarm } from '../../../families/postgresql/replication/stop.ts'
import type { SwitchPlan } from '../../../families/postgresql/switchover/plan.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { settlePair } from '../../../families/postgresql/switchover/settle-pair.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { implementation as postgresReplicate } from '../../../families/postgresql/steps/replicate/index.ts'
import type { ClosedTask } from '../../../runner/steps/kind.ts'
import { LocalHost } from '../../support/local-host.ts'
import { runStep } from '../../support/run-step.ts'
import { stepContext } from '../../support/step-context.ts'
import { atRest } from '../../support/faults.ts'
import { alonePlan } from '../../support/open-alone.ts'
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

/** Beyond the deadline: one look at a server that does not answer, and connections to it that are cut. */
const givesUpWithinMs = 6_000

let pair: Pair

beforeAll(async () => {
  pair = await startPair('settled')
  await makeApplication(pair)
  await replicate(pair)
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

const signal = new AbortController().signal
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query<Record<string, unknown>>(sql))
const onOld = async (sql: string, name = database) =>
  withServer(pair.old.port, name, async (client) => client.query<Record<string, unknown>>(sql))
const stateOf = async (on: typeof onOld): Promise<unknown> =>
  (await on('select state from cutover_state', 'qianyun_control')).rows[0]?.['state']

const plan = (changed: Partial<SwitchPlan> = {}): SwitchPlan =>
  switchPlan(pair, pair.source, pair.target, { deadlineMs: 1_500, pauseTimeoutMs: 500, ...changed })
const undo = async (entry?: SwitchPlan['entry']) =>
  disarm({
    sides: [pair.source, pair.target],
    closedSide: 'release',
    ...(entry && { entry }),
    waivers: {},
    say: () => undefined,
  })

/** A switch whose new server is killed as its commit is sent, and nobody who goes on with it. */
async function cutOffAtCommit(): Promise<void> {
  let killed = false
  const failing = plan({
    recoverForMs: 0,
    onPart: (part) => {
      if (part !== 'open' || killed) return
      killed = true
      pair.new.freeze()
    },
  })
  await expect(switchOver(failing)).rejects.toMatchObject({
    code: 'outcome-unknown',
    message: expect.stringContaining(`"target" (127.0.0.1:${String(pair.new.port)}/${database})`),
  })
  pair.new.kill()
}

const fileLeadsTo = () => readEntry(readFileSync(pair.entry.databasesFile, 'utf8'), database)?.port

describe('a switch that was cut off at its commit point', () => {
  beforeAll(cutOffAtCommit, 30_000)

  it('leaves both sides closed, and is neither undone nor disarmed while the server that decides is away', async () => {
    expect(await stateOf(onOld)).toBe('closed')
    await expect(undo(plan().entry)).rejects.toMatchObject({
      code: 'pair-unsettled',
      awaited: expect.stringContaining('"target"'),
    })
    expect(await stateOf(onOld)).toBe('closed')
  }, 60_000)

  it('is not undone without a way to the entry, whose file leads to the new side', async () => {
    await pair.new.restart({})
    expect(fileLeadsTo()).toBe(pair.new.port)
    await expect(undo()).rejects.toMatchObject({ code: 'entry-unsettled' })
    expect(await postgresql.bothSides?.look(pair.source, pair.target)).toEqual({
      old: 'open',
      new: 'closed',
      unsettled: true,
    })
  }, 60_000)

  it('is settled: one side open, the entry there, replication alive, and nobody has to know more', async () => {
    const settled = await settlePair({
      from: pair.source,
      to: pair.target,
      entry: plan().entry,
      signal,
      say: () => undefined,
    })
    expect(settled).toMatchObject({ serves: 'from', link: 'enabled' })
    expect((await atRest(pair, 10_000)).serving).toBe(pair.source)
    expect(await postgresql.bothSides?.look(pair.source, pair.target)).toEqual({ old: 'open', new: 'closed' })
  }, 60_000)
})

describe('a switch whose pooler went away', () => {
  it('leaves the file leading to the side that serves, so that clients go on as soon as the pooler is back', async () => {
    const writers = await startWriters(pair)
    try {
      const failing = plan({
        onPart: (part) => {
          if (part === 'open') {
            pair.entry.kill()
            throw new Error('no power')
          }
        },
      })
      await expect(switchOver(failing)).rejects.toMatchObject({ code: 'writers-wait', openSide: 'source' })
      expect(fileLeadsTo()).toBe(pair.old.port)
      expect(await postgresql.bothSides?.look(pair.source, pair.target)).toMatchObject({
        old: 'open',
        unsettled: true,
      })
      await pair.entry.restart()
      const before = writers.acked
      for (let left = 200; left > 0 && writers.acked === before; left--) await sleep(50)
      expect(writers.acked).toBeGreaterThan(before)
      const { undoneGaps } = await switchOver(plan())
      expect(undoneGaps.length).toBeGreaterThan(0)
      await switchOver(switchPlan(pair, pair.target, pair.source))
    } finally {
      await writers.stop()
    }
  }, 120_000)
})

describe('a switch whose new server freezes before the commit', () => {
  it('is given up at its deadline, and the old side serves before anybody comes back', async () => {
    const deadlineMs = 1_500
    let frozenAt = 0
    const failing = plan({
      deadlineMs,
      onPart: (part) => {
        if (part !== 'marker') return
        frozenAt = performance.now()
        pair.new.freeze()
      },
    })
    try {
      await expect(switchOver(failing)).rejects.toMatchObject({ code: 'switchover-aborted', linked: false })
      expect(performance.now() - frozenAt).toBeLessThan(deadlineMs + givesUpWithinMs)
      expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
    } finally {
      pair.new.thaw()
    }
    await settlePair({
      from: pair.source,
      to: pair.target,
      entry: plan().entry,
      signal,
      say: () => undefined,
    })
    expect((await atRest(pair, 10_000)).serving).toBe(pair.source)
  }, 60_000)
})

describe('replication that an aborted switch left disabled', () => {
  it('is enabled by the step that looks after it, the reverse direction dropped first', async () => {
    const link = (await onNew('select subname as name from pg_subscription')).rows[0]?.['name']
    await onNew(`alter subscription ${String(link)} disable`)
    expect(await replicate(pair)).toMatchObject({ already: true })
    expect((await atRest(pair, 10_000)).serving).toBe(pair.source)
  }, 60_000)

  it('is set going by whoever looks after it while the move waits, and told by words where that is not enough', async () => {
    const look = async () => lookAfterForward(pair.source, pair.target)
    const link = String((await onNew('select subname as name from pg_subscription')).rows[0]?.['name'])
    expect(await look()).toEqual([])
    await onNew(`alter subscription ${link} disable`)
    expect(await look()).toEqual([])
    expect((await atRest(pair, 10_000)).serving).toBe(pair.source)
    pair.new.freeze()
    try {
      expect((await look()).map((reason) => say('en', reason))).toEqual([
        expect.stringMatching(/could not be looked at: .*"target" .* did not answer/),
      ])
    } finally {
      pair.new.thaw()
    }
  }, 60_000)

  it('is told to be lost when its slot is, and copied anew with "replace", which leaves no slot behind', async () => {
    const { rows } = await onNew('select subname as name, oid::text as oid from pg_subscription')
    const link = String(rows[0]?.['name'])
    const { rows: system } = await onNew('select system_identifier::text as id from pg_control_system()')
    await onNew(`alter subscription ${link} disable`)
    await sleep(300)
    await onOld(`select pg_drop_replication_slot('${link}');
      select pg_create_logical_replication_slot('pg_99999_sync_16400_${String(system[0]?.['id'])}', 'pgoutput')`)

    await expect(replicate(pair)).rejects.toMatchObject({ code: 'link-lost', slot: link, found: 'missing' })
    const again = await startReplication({
      from: pair.source,
      to: pair.target,
      waivers: {},
      replace: true,
      freeze: 'record',
      copyTimeoutMs: 20_000,
      signal,
      say: () => undefined,
    })

    expect(again).toMatchObject({ already: false })
    const slots = await onOld('select slot_name as name from pg_replication_slots')
    expect(slots.rows).toEqual([{ name: link }])
  }, 120_000)
})

describe('a database that served', () => {
  const replace = async () =>
    startReplication({
      from: pair.source,
      to: pair.target,
      waivers: {},
      replace: true,
      freeze: 'record',
      copyTimeoutMs: 20_000,
      signal,
      say: () => undefined,
    })

  /** Only with a dump of it, made since it was opened, and two people who have named that very dump. */
  async function isReplacedOnceGivenUp(): Promise<void> {
    const path = join(pair.folder, 'permit-new.dump')
    const task = (account: string, named: Partial<ClosedTask>): ClosedTask => ({
      id: `1-replicate-${account}`,
      completedBy: { account, role: 'owner', organisation: 'permit-bureau' },
      evidence: [],
      ...named,
    })
    const withTasks = async (...tasks: ClosedTask[]) =>
      runStep(
        postgresReplicate,
        { from: 'source', to: 'target', replace: true, replaceServed: { host: 'new-1', path } },
        {
          ...stepContext([new LocalHost('new-1')]),
          dataset: (name: string) => (name === 'source' ? pair.source : pair.target) as never,
          closedTasks: async () => tasks,
        },
      )
    const foundBy = async (...tasks: ClosedTask[]) => {
      const error = await withTasks(...tasks).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(NotGivenUpError)
      const { found, by } = (error as NotGivenUpError).what
      return [found, ...by]
    }
    expect(await foundBy()).toEqual(['unreadable'])
    writeFileSync(path, 'minutes of the meeting')
    expect(await foundBy()).toEqual(['no-dump'])
    writeFileSync(path, '--\n-- PostgreSQL database dump\n--\n')
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    const evidence = [{ name: 'permit-new.dump', digest, sizeBytes: 35 }]
    const both = [task('li', { note: `give it up, ${digest}` }), task('wang', { evidence })]
    utimesSync(path, 1, 1)
    expect(await foundBy(...both)).toEqual(['older'])
    utimesSync(path, new Date(), new Date())
    expect(await foundBy(task('li', { evidence }), task('li', { note: digest }))).toEqual([
      'not-agreed',
      'li',
    ])
    expect(await foundBy(task('li', { evidence }), task('wang', { note: 'another dump' }))).toEqual([
      'not-agreed',
      'li',
    ])
    await expect(withTasks(...both)).resolves.toMatchObject({
      already: false,
      gaveUp: { dump: digest, by: ['li', 'wang'] },
    })
  }

  it('may be dropped once a switch has handed over what it took', async () => {
    await switchOver(plan())
    await switchOver(switchPlan(pair, pair.target, pair.source))
    await undo(plan().entry)
    expect(await stateOf(onNew)).toBeUndefined()
    expect(await replace()).toMatchObject({ already: false })
  }, 120_000)

  it('is never dropped when it was open and nobody knows what it took, whatever was forgotten since', async () => {
    await onNew(
      `select open_side(database, token, 'by hand', generation) from cutover_state where database = '${database}'`,
      'qianyun_control',
    )
    await onNew(`insert into permit (id, applicant) values (900000, 'on the new side alone')`)
    await onNew('delete from cutover_state', 'qianyun_control')
    for (const { name } of (await onNew('select subname as name from pg_subscription')).rows)
      await onNew(`alter subscription ${String(name)} disable`)
        .then(async () => onNew(`alter subscription ${String(name)} set (slot_name = none)`))
        .then(async () => onNew(`drop subscription ${String(name)}`))

    await expect(replace()).rejects.toMatchObject({ code: 'database-served' })
    await expect(dropDatabase(pair.target)).rejects.toMatchObject({ code: 'database-served' })
    const { rowCount } = await onNew(`select from permit where applicant = 'on the new side alone'`)
    expect(rowCount).toBe(1)

    await isReplacedOnceGivenUp()
  }, 120_000)
})

describe('a side into which a copy was cut off', () => {
  it('is not opened alone with what it happens to hold', async () => {
    await switchOver(plan())
    const half = 'create table half (id integer primary key); insert into half values (1)'
    await onNew(half)
    await onOld(`set default_transaction_read_only = off; ${half}`)
    const link = String((await onOld('select subname as name from pg_subscription')).rows[0]?.['name'])
    await onOld(`alter subscription ${link} refresh publication`)
    await expect(openAlone(alonePlan(switchPlan(pair, pair.target, pair.source)))).rejects.toMatchObject({
      code: 'side-incomplete',
      tables: ['public.half'],
    })
    await onOld('set default_transaction_read_only = off; truncate half')
    await switchOver(switchPlan(pair, pair.target, pair.source))
  }, 120_000)
})

describe('the old side opened by hand, as docs/operations.md has it', () => {
  /** The statements below "By hand", each for the database its comment names. */
  function byHand(): { readonly app: readonly string[]; readonly control: readonly string[] } {
    const text = readFileSync(join(__dirname, '../../../docs/operations.md'), 'utf8')
    const block = /\*\*By hand\*\*[^]*?\n\n((?: {4}.*\n)+)/.exec(text)?.[1] ?? ''
    const [app = '', control = ''] = block.split(/^ *-- in the database qianyun_control.*$/m)
    const statements = (part: string) =>
      part
        .replace(/--.*$/gm, '')
        .split(';')
        .map((one) => one.trim())
        .filter((one) => one !== '')
    return { app: statements(app), control: statements(control) }
  }

  it('serves, and the new side is stale when it comes back', async () => {
    await switchOver(plan())
    await pair.new.crash()
    const { app, control } = byHand()
    expect([app.length, control.length]).toEqual([5, 1])

    await withServer(pair.old.port, database, async (client) => {
      let names: readonly string[] = []
      for (const statement of app) {
        if (!statement.includes('NAME')) {
          const { rows } = await client.query<{ subname?: string }>(statement)
          names = rows.flatMap(({ subname }) => subname ?? [])
        } else for (const name of names) await client.query(statement.replace('NAME', name))
      }
      expect(names).toHaveLength(1)
    })
    for (const statement of control) await onOld(statement.replace('DATABASE', database), 'qianyun_control')

    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
    await pair.new.restart({})
    expect(await postgresql.bothSides?.look(pair.source, pair.target)).toMatchObject({
      old: 'open',
      new: 'stale',
    })
  }, 120_000)
})
