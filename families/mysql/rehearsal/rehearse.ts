import { setTimeout as sleep } from 'node:timers/promises'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { MysqlSideServesError } from '../errors.ts'
import { removal } from '../removal.ts'
import { follow } from '../replicate/follow.ts'
import { accountsOf, followerOf } from '../server/accounts.ts'
import { dropChannel } from '../server/channel.ts'
import { account, name, text } from '../server/quote.ts'
import { alone } from '../sides/alone.ts'
import {
  ensureControl,
  isRehearsing,
  noteRehearsal,
  readRecord,
  recordOf,
  writeRecord,
} from '../sides/record.ts'
import { type MysqlSide, withSession } from '../side.ts'
import type { SwitchPlan, SwitchResult } from '../switch/plan.ts'
import { settled } from '../switch/settle.ts'
import { switchOver } from '../switch/switch-over.ts'
import { MysqlWriters, writersTable } from './writers.ts'

export interface RehearsalPlan {
  /** A copy that was opened for tests, and plays the side that is left. */
  readonly staging: MysqlSide
  /** A server that holds nothing, and is left so. */
  readonly target: MysqlSide
  readonly waivers: Waivers
  readonly writers: number
  readonly writerPauseMs: number
  /** Undisturbed writing before, between and after the switches. */
  readonly calmMs: number
  readonly bounds: Pick<SwitchPlan, 'deadlineMs' | 'maxTransactionAgeMs' | 'quietWithinMs' | 'recoverForMs'>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Durations are of the whole procedures, gaps what the writers saw, milliseconds. Plain JSON. */
export interface RehearsalResult {
  readonly cutoverMs: number
  readonly rollbackMs: number
  readonly cutoverGapMs: number
  readonly rollbackGapMs: number
  readonly ackedWrites: number
  readonly lostWrites: number
  readonly ambiguousWrites: number
  readonly copyMs: number
  readonly cutoverAnatomyMs: SwitchResult['anatomyMs']
  readonly rollbackAnatomyMs: SwitchResult['anatomyMs']
}

const arrivesWithinMs = 20_000

/**
 * Rehearses a cutover and its rollback between the copy on staging and the server that is moved to, with writers of its own, as the application's
 * account: the same code and servers of the same sort, and nothing of the source touched. Leaves nothing behind; run again it takes down first
 * what a run that was cut off left.
 */
export async function rehearse(plan: RehearsalPlan): Promise<RehearsalResult> {
  await clear(plan)
  try {
    const copyMs = await setStage(plan)
    plan.say(`${plan.target.name} follows ${plan.staging.name}`)
    return { ...(await perform(plan)), copyMs }
  } finally {
    await clear(plan)
  }
}

async function setStage({ staging, target, waivers, signal, say }: RehearsalPlan): Promise<number> {
  await withSession(staging, async (session) => {
    const read = await readRecord(session, staging)
    if (read?.state !== 'copy' || read.detail.opened !== true)
      throw new MysqlSideServesError(staging.name, read?.state ?? 'unknown')
    await noteRehearsal(session, staging, true)
    await writeRecord(session, staging, read, { state: 'open', generation: 0, detail: { logState: '' } })
  })
  const began = performance.now()
  await alone([staging, target], async () =>
    follow({ from: staging, to: target, as: 'pair', waivers, signal, say }),
  )
  await withSession(staging, async (session) => makeTable(session, staging), { logged: true })
  return Math.round(performance.now() - began)
}

async function makeTable(
  session: Parameters<Parameters<typeof withSession>[1]>[0],
  { database, appUsers }: MysqlSide,
): Promise<void> {
  const table = `${name(database)}.${writersTable}`
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${table} (worker INT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (worker, number)) ENGINE = InnoDB`,
  )
  const own = (await accountsOf(session, [])).filter(({ user }) => user === appUsers[0])
  for (const one of own) await session.run(`GRANT INSERT ON ${table} TO ${account(one)}`)
}

async function perform(plan: RehearsalPlan): Promise<Omit<RehearsalResult, 'copyMs'>> {
  const { staging, target, bounds, signal, say, calmMs } = plan
  const writers = await MysqlWriters.start({
    sides: [staging, target],
    user: staging.appUsers[0] ?? '',
    count: plan.writers,
    pauseMs: plan.writerPauseMs,
  })
  try {
    const there = await watched(writers, plan, async () =>
      switchOver({ ...bounds, from: staging, to: target, signal, say }),
    )
    const back = await watched(writers, plan, async () =>
      switchOver({ ...bounds, from: target, to: staging, signal, say }),
    )
    await sleep(calmMs, undefined, { signal })
    await writers.stop()
    const lost = await Promise.all([staging, target].map(async (side) => lostOn(writers, side, signal)))
    return {
      cutoverMs: there.wholeMs,
      rollbackMs: back.wholeMs,
      cutoverGapMs: there.gapMs,
      rollbackGapMs: back.gapMs,
      ackedWrites: writers.acked,
      lostWrites: Math.max(...lost),
      ambiguousWrites: writers.ambiguousWrites,
      cutoverAnatomyMs: there.result.anatomyMs,
      rollbackAnatomyMs: back.result.anatomyMs,
    }
  } finally {
    await writers.stop()
  }
}

/** One switch with undisturbed writing around it. */
async function watched(
  writers: MysqlWriters,
  { calmMs, signal }: RehearsalPlan,
  work: () => Promise<SwitchResult>,
): Promise<{ readonly result: SwitchResult; readonly wholeMs: number; readonly gapMs: number }> {
  await sleep(calmMs, undefined, { signal })
  const began = performance.now()
  const result = await work()
  const wholeMs = Math.round(performance.now() - began)
  // The first write at the other side is part of what the writers waited for.
  await sleep(calmMs, undefined, { signal })
  return { result, wholeMs, gapMs: writers.longestGapMs(began, performance.now()) }
}

/** What a side still lacks when it has had time to receive the last writes. */
async function lostOn(writers: MysqlWriters, side: MysqlSide, signal: AbortSignal): Promise<number> {
  const giveUpAtMs = Date.now() + arrivesWithinMs
  return withSession(side, async (session) => {
    for (;;) {
      const lost = await writers.lostOn(session, side)
      if (lost === 0 || Date.now() > giveUpAtMs) return lost
      await sleep(100, undefined, { signal })
    }
  })
}

/**
 * Takes down what a rehearsal made: the copy on staging is one for tests again, and the other server holds nothing.
 * @throws MysqlSideServesError for a server that is no rehearsal's
 */
async function clear({ staging, target, bounds, say }: RehearsalPlan): Promise<void> {
  await Promise.all([ensureControl(staging), ensureControl(target)])
  if (!(await withSession(staging, async (session) => isRehearsing(session, staging)))) {
    const other = await recordOf(target)
    if (other !== undefined) throw new MysqlSideServesError(target.name, other.state)
    return
  }
  const { serves } = await alone([staging, target], async () => settled(staging, target, bounds.recoverForMs))
  const signal = new AbortController().signal
  if (serves === 'to') await switchOver({ ...bounds, from: target, to: staging, signal, say })
  const options = { mayBeEmpty: true, overwrite: false, signal }
  if ((await recordOf(target)) !== undefined)
    await removal.remove(target, await removal.find(target, options), options)
  await removal.forget(target)
  await withSession(staging, async (session) => {
    await dropChannel(session)
    await session.run(`DROP TABLE IF EXISTS ${name(staging.database)}.${writersTable}`)
    await session.run(`DROP USER IF EXISTS ${text(followerOf(target))}@'%'`)
    const read = await readRecord(session, staging)
    await writeRecord(session, staging, read, {
      state: 'copy',
      generation: 0,
      detail: { logState: '', opened: true },
    })
    await noteRehearsal(session, staging, false)
  })
}
