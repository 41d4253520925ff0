import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import type { HostPort, RemoteProcess, RunOptions, ShellResult } from '../../../runner/steps/kind.ts'
import type { GapPart, SwitchPlan, SwitchResult } from '../../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { goOn, lostOn } from '../../support/acknowledged.ts'
import { LocalHost } from '../../support/local-host.ts'
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
  pooled,
} from '../../support/postgres-pair.ts'

let pair: Pair
let writers: LedgerWriters
let serving: Pair['source']
let waiting: Pair['source']

/** Whatever a server has as its default, a side that was opened stays open. */
const lax = { synchronous_commit: 'off', wal_writer_delay: '1000' }

beforeAll(async () => {
  pair = await startPair('lost')
  await Promise.all([pair.old.restart(lax), pair.new.restart(lax)])
  await makeApplication(pair)
  await replicate(pair)
  serving = pair.source
  waiting = pair.target
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

beforeEach(async () => {
  writers = await startWriters(pair)
})

afterEach(async () => {
  await writers.stop()
})

const plan = (changed: Partial<SwitchPlan> = {}) => switchPlan(pair, serving, waiting, changed)
const serverOf = ({ port }: Pair['source']) => (port === pair.old.port ? pair.old : pair.new)

async function switched(changed: Partial<SwitchPlan> = {}): Promise<SwitchResult> {
  const result = await switchOver(plan(changed))
  ;[serving, waiting] = [waiting, serving]
  return result
}

/** Writers go on, and every write they know of is on both sides; or on the one that serves, when the other one follows later. */
async function expectNothingLost({ follows = true } = {}): Promise<void> {
  expect(await goOn(writers)).toBe(true)
  await writers.stop()
  // What is not on disk yet is not sent.
  await withServer(serving.port, database, async (client) =>
    client.query(`set synchronous_commit = on; select pg_logical_emit_message(true, 'test', 'flush')`),
  )
  for (const { port } of follows ? [serving, waiting] : [serving]) expect(await lostOn(port, writers)).toBe(0)
}

it('a server that is lost before anybody waits is named, and the side that serves goes on', async () => {
  const victim = serverOf(waiting)
  let killed: Promise<void> | undefined
  const host = new (class extends LocalHost {
    override async start(script: string): Promise<RemoteProcess> {
      if (killed === undefined) {
        victim.kill()
        killed = victim.restart(lax)
      }
      return super.start(script)
    }
  })('entry')

  await expect(switchOver(plan({ entry: pooled(plan(), { host }) }))).rejects.toMatchObject({
    code: 'server-lost',
    message: expect.stringMatching(/lost before any client waited, and .* serves as before/),
  })
  await killed
  await switched()
  await expectNothingLost()
}, 120_000)

/** The entry's host until a part of the gap begins, from when on nothing reaches it any more. */
class LosableHost extends LocalHost {
  private lost = false

  readonly onPart = (at: GapPart) => (part: GapPart) => {
    if (part === at) this.lost = true
  }

  override async run(script: string, options?: RunOptions): Promise<ShellResult> {
    this.assertThere()
    return super.run(script, options)
  }

  override async readFile(path: string): Promise<Buffer> {
    this.assertThere()
    return super.readFile(path)
  }

  override async start(script: string): Promise<RemoteProcess> {
    this.assertThere()
    return super.start(script)
  }

  private assertThere(): void {
    if (this.lost) throw new Error('no route to the entry host')
  }
}

const entryOn = (host: HostPort) => pooled(plan(), { host })

describe('when the host of the entry is lost in the gap', () => {
  it('before the commit point, writers go on all the same, and the next run finds all in order', async () => {
    const host = new LosableHost('entry')
    const lost = switchOver(
      plan({
        entry: entryOn(host),
        onPart: (part) => {
          host.onPart('marker')(part)
          if (part === 'open') throw new Error('no power')
        },
      }),
    )
    await expect(lost).rejects.toMatchObject({ code: 'switchover-aborted', openSide: serving.called })
    const before = writers.acked
    for (let left = 100; left > 0 && writers.acked === before; left--) await sleep(20)
    expect(writers.acked).toBeGreaterThan(before)

    const { undoneGaps } = await switched()

    expect(undoneGaps.at(-1)).toEqual({ gapMs: expect.any(Number) })
    await expectNothingLost()
  }, 120_000)

  it('the gap ends at its deadline, whatever the host is waited for', async () => {
    const host = new (class extends LocalHost {
      // Takes the order to replace the file, and never answers.
      override async start(script: string): Promise<RemoteProcess> {
        return super.start(script.replace('while read -r _; do', 'while read -r _; do sleep 5;'))
      }
    })('entry')
    const silent = switchOver(plan({ entry: entryOn(host), deadlineMs: 1_500, pauseTimeoutMs: 500 }))
    await expect(silent).rejects.toMatchObject({ code: 'switchover-aborted', part: 'subscribe' })
    await expectNothingLost()
  }, 120_000)
})

describe('when the console of the entry is lost in the gap', () => {
  const lost = (guarded: boolean) => {
    const console = { ...pooled(plan()).console }
    return switchOver(
      plan({
        entry: pooled(plan(), { console }),
        guarded,
        onPart: (part) => {
          if (part !== 'marker') return
          console.port = 1
          throw new Error('no power')
        },
      }),
    )
  }

  it('the side that was left is open again, and the next run lets the writers go on', async () => {
    await expect(lost(false)).rejects.toMatchObject({ code: 'writers-wait', openSide: serving.called })
    expect(await serving.tryAppLogin(appRole)).toBeUndefined()

    const { undoneGaps } = await switched()

    expect(undoneGaps.at(-1)).toEqual({ gapMs: expect.any(Number) })
    await expectNothingLost()
  }, 120_000)

  it('the guardian, which has kept its own, lets the writers go on', async () => {
    await expect(lost(true)).rejects.toMatchObject({ code: 'writers-wait' })
    await expectNothingLost({ follows: false })
    await switched()
  }, 120_000)
})

describe('when the entry does not do as it is told', () => {
  it('a file that is none of its configuration is noticed before anybody is stopped', async () => {
    const { databasesFile } = pair.entry
    const copy = join(dirname(databasesFile), 'copy.ini')
    writeFileSync(copy, readFileSync(databasesFile))
    await expect(switchOver(plan({ entry: pooled(plan(), { file: copy }) }))).rejects.toMatchObject({
      code: 'reload-ignored',
    })
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(databasesFile, 'utf8'))
    await expectNothingLost()
  }, 120_000)

  it('a configuration it can no longer read is noticed before anybody is stopped', async () => {
    const ini = join(dirname(pair.entry.databasesFile), 'pgbouncer.ini')
    const before = readFileSync(ini, 'utf8')
    writeFileSync(ini, `%include /nowhere.ini\n${before}`)
    await expect(switchOver(plan())).rejects.toMatchObject({ code: 'reload-ignored' })
    writeFileSync(ini, before)
    await expectNothingLost()
  }, 120_000)

  it('a configuration that it reads in part costs the running one none of its settings', async () => {
    const admin = await pair.entry.admin()
    const settings = async () =>
      (await admin.query<{ key: string; value: string }>('show config')).rows.filter(
        // A switch before this one has it hurry for a moment.
        ({ key }) => key !== 'server_login_retry',
      )
    const usual = await settings()
    const ini = join(dirname(pair.entry.databasesFile), 'pgbouncer.ini')
    const before = readFileSync(ini, 'utf8')
    writeFileSync(ini, before.replace('pool_mode =', 'pol_mode ='))
    await expect(switchOver(plan())).rejects.toMatchObject({
      code: 'reload-changes-more',
      settings: expect.arrayContaining(['pool_mode: transaction → session', 'query_wait_timeout: 20 → 120']),
    })
    writeFileSync(ini, before)
    expect(await settings()).toEqual(usual)
    await admin.end()
    await expectNothingLost()
  }, 120_000)
})

describe('when the side that opens is lost right after the commit point', () => {
  it.each(['there', 'back'])(
    'and comes back, it is open, and what it had applied is not sent on (%s)',
    async () => {
      const server = serverOf(waiting)
      let crashed: Promise<void> | undefined
      const lost = switchOver(
        plan({
          onPart: (part) => {
            if (part === 'switch') crashed = server.crash()
          },
        }),
      )
      await expect(lost).rejects.toMatchObject({ code: 'switch-unfinished' })
      await crashed
      await server.restart(lax)

      const result = await switched()

      expect(result).toMatchObject({ openSide: serving.called, armed: true, resumed: true })
      await expectNothingLost()
    },
    120_000,
  )
})
