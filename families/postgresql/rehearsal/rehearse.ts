import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import { withClient } from '../server/connections.ts'
import type { GivenWaivers } from '../census/waivers.ts'
import { startReplication } from '../replication/start.ts'
import type { DatabasePort } from '../database.ts'
import type { Entry } from '../entry/entry.ts'
import type { SwitchPlan, SwitchResult } from '../switchover/plan.ts'
import { switchOver } from '../switchover/switch-over.ts'
import { LedgerWriters, nowMs } from './ledger-writers.ts'
import { RehearsalDatabase } from './rehearsal-database.ts'
import { type Stage, clearStage, setStage } from './stage.ts'

export interface RehearsalPlan extends GivenWaivers {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry: Entry
  readonly schemaOnly: boolean
  readonly writers: number
  /** What each writer waits between two writes. */
  readonly writerPauseMs: number
  /** How long writers write undisturbed before, between and after the switches. */
  readonly calmMs: number
  readonly bounds: Omit<SwitchPlan, 'from' | 'to' | 'entry' | 'signal' | 'say' | keyof GivenWaivers>
  readonly copyTimeoutMs: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Durations are of the whole procedures, gaps what the writers saw, milliseconds. */
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

/**
 * Rehearses a cutover and its rollback on a copy beside the real database, with writers of its own on it, through the
 * real entry: the same code, the same servers, nothing of the application touched. Leaves nothing behind.
 */
export async function rehearse(plan: RehearsalPlan): Promise<RehearsalResult> {
  const stage = stageOf(plan)
  // What a run that was cut off left is taken down first.
  await clearStage(stage)
  let failure: unknown
  try {
    await setStage(stage)
    plan.say('copy made beside the real database')
    const replicated = await startReplication({
      from: stage.from,
      to: stage.to,
      ...givenIn(plan),
      replace: true,
      freeze: 'record',
      copyTimeoutMs: plan.copyTimeoutMs,
      signal: plan.signal,
      say: plan.say,
    })
    return { ...(await switchForthAndBack(plan, stage)), copyMs: replicated.copyMs }
  } catch (error) {
    failure = error
    throw error
  } finally {
    await clearStage(stage).catch((error: unknown) => {
      if (failure === undefined) throw error as Error
      plan.say(`not all of the rehearsal could be taken away: ${messageOf(error)}`)
    })
  }
}

const givenIn = ({ waivers, wasWaived }: GivenWaivers): GivenWaivers => ({ waivers, wasWaived })

/** Takes down what a rehearsal that was cut off left behind. */
export async function clearRehearsal(plan: RehearsalPlan): Promise<void> {
  await clearStage(stageOf(plan))
}

function stageOf({ from, to, entry, schemaOnly, signal, say, ...given }: RehearsalPlan): Stage {
  const password = randomBytes(24).toString('hex')
  const copy = { from: new RehearsalDatabase(from, password), to: new RehearsalDatabase(to, password) }
  return {
    source: from,
    ...copy,
    way: entry.beside(copy, from),
    schemaOnly,
    given: givenIn(given),
    signal,
    say,
  }
}

async function switchForthAndBack(
  plan: RehearsalPlan,
  stage: Stage,
): Promise<Omit<RehearsalResult, 'copyMs'>> {
  const { from, to } = stage
  const entry = await stage.way.entry()
  const [place, ...others] = await stage.way.doors()
  if (place === undefined) throw new Error('a rehearsal has a way to its copy')
  const writers = await LedgerWriters.start(place, plan.writers, plan.writerPauseMs, {
    signal: plan.signal,
    others,
  })
  try {
    await sleep(plan.calmMs, undefined, { signal: plan.signal })
    const there = await timedSwitch(plan, { from, to, entry }, writers)
    plan.say(`rehearsed cutover: ${there.tookMs} ms, writers waited ${there.gapMs} ms`)
    const back = await timedSwitch(plan, { from: to, to: from, entry }, writers)
    plan.say(`rehearsed rollback: ${back.tookMs} ms, writers waited ${back.gapMs} ms`)
    await writers.stop()
    return {
      cutoverMs: there.tookMs,
      rollbackMs: back.tookMs,
      cutoverGapMs: there.gapMs,
      rollbackGapMs: back.gapMs,
      ackedWrites: writers.acked,
      lostWrites: Math.max(await lostOn(from, writers), await lostOn(to, writers)),
      ambiguousWrites: writers.ambiguousWrites,
      cutoverAnatomyMs: there.anatomyMs,
      rollbackAnatomyMs: back.anatomyMs,
    }
  } finally {
    await writers.stop()
  }
}

async function timedSwitch(
  plan: RehearsalPlan,
  sides: Pick<SwitchPlan, 'from' | 'to' | 'entry'>,
  writers: LedgerWriters,
): Promise<{ tookMs: number; gapMs: number; anatomyMs: SwitchResult['anatomyMs'] }> {
  const began = nowMs()
  const { anatomyMs } = await switchOver({
    ...plan.bounds,
    ...givenIn(plan),
    ...sides,
    signal: plan.signal,
    say: plan.say,
  })
  const tookMs = Math.round(nowMs() - began)
  await sleep(plan.calmMs, undefined, { signal: plan.signal })
  return { tookMs, gapMs: writers.longestGapMs(began, nowMs()), anatomyMs }
}

/** The side that follows is given time to receive the last writes. */
async function lostOn(side: RehearsalDatabase, writers: LedgerWriters): Promise<number> {
  return withClient(side, 'rehearsal', async (client) => {
    const deadline = Date.now() + 10_000
    for (;;) {
      const lost = await writers.lostOn(client)
      if (lost === 0 || Date.now() > deadline) return lost
      await sleep(200)
    }
  })
}
