import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../domain/errors.ts'
import { SideStateChangedError, SideUnknownError } from '../errors.ts'
import type { RestEntry } from '../entry/entry.ts'
import { type Lead, type SideState, readState } from '../server/control.ts'
import type { DatabasePort } from '../database.ts'
import { type LeadOutcome, type LeadPair, LeadUnknownError, decidingPair, outcomeOf } from './lead.ts'
import { sideName } from '../side-name.ts'
import { type Known, decide } from './decide.ts'
import { BothSidesOpenError, PairUnsettledError, SideStaleError, SwitchoverBusyError } from './errors.ts'
import { type GapEnder, settleGaps } from './gap-record.ts'
import { type Reached, letGo, lockReached, reach } from './reach.ts'
import { type Parts, endOnServers } from './parts.ts'
import { type LinkFound, tidyLinks } from './prepare.ts'
import { noteGapEnd } from './gap-end.ts'
import { openSide } from './serve.ts'

/** Limits of the waits, counted from the beginning. */
export interface RestPatience {
  /** For a server that decides which side serves. */
  readonly sideMs: number
  /** For the entry, once one side serves. */
  readonly entryMs: number
  /** For the server on which replication must be set going again. */
  readonly linkMs: number
}

export interface RestPlan {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry?: RestEntry
  readonly by: GapEnder
  /** The server processes of the interrupted run; they are ended, so that none of their statements runs later. */
  readonly processes?: Parts['processes']
  /** What the run itself knows; default: by the records. */
  readonly commitSent?: boolean
  /** Databases that are switched together with this one, one of which may decide for it. */
  readonly leads?: readonly LeadPair[]
  /** What is known of that decision; default: the lead is asked. */
  readonly leadOutcome?: LeadOutcome
  readonly patience: RestPatience
  /** Ends a wait early; work under way is completed. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** A pair of which one side serves. */
export interface Rest {
  readonly serves: 'from' | 'to'
  /** Whether the side was closed, and was opened again. */
  readonly undone: boolean
  /** Whether clients were resumed. */
  readonly goesOn: boolean
  /** What keeps the entry, or its file, from leading clients to the side that serves. */
  readonly entryFailure?: unknown
  /** Replication into the other side, if that answers. */
  readonly link: LinkFound | 'unreached'
}

interface Awaited {
  readonly awaits: DatabasePort
  readonly cause: unknown
}

const retryEveryMs = 250
const lockPatienceMs = 3_000
const statementMs = 5_000
const firstReachMs = 1_500
const longestReachMs = 6_000
/** Errors that waiting does not resolve. */
const fatal = [BothSidesOpenError, SideStaleError, SideUnknownError, LeadUnknownError]
const untilDone = new AbortController().signal

/**
 * Brings a pair to one open side with resumed clients and live replication into the other side, whatever a run left behind. The state is
 * read from the databases. An absent server is waited for only if no side can safely be opened without it. May be repeated, and run by
 * several processes at once: the pair's locks keep them apart.
 * @throws PairUnsettledError once its time is over, naming the server it waited for; BothSidesOpenError, SideStaleError; LeadUnknownError
 * if another database decides and the plan does not have it
 */
export async function bringToRest(plan: RestPlan): Promise<Rest> {
  const began = performance.now()
  let said = ''
  for (let round = 1; ; round++) {
    const found = await oneRound(plan, Math.min(firstReachMs * round, longestReachMs))
    const served = 'serves' in found
    if (served && found.entryFailure === undefined && found.link !== 'unreached') return found
    const waitedMs = performance.now() - began
    if (plan.signal.aborted || waitedMs >= patienceFor(found, plan.patience)) {
      if (served) return found
      throw new PairUnsettledError(plan, found.awaits, Math.round(waitedMs), { cause: found.cause })
    }
    const line = lineOf(plan, found)
    if (line !== said) plan.say(line)
    said = line
    await sleep(retryEveryMs, undefined, { signal: plan.signal }).catch(() => undefined)
  }
}

function patienceFor(found: Rest | Awaited, { sideMs, entryMs, linkMs }: RestPatience): number {
  if ('awaits' in found) return sideMs
  return found.entryFailure === undefined ? linkMs : entryMs
}

function lineOf(plan: RestPlan, found: Rest | Awaited): string {
  if ('awaits' in found) return `waiting for ${sideName(found.awaits)}: ${messageOf(found.cause)}`
  const serving = sideName(plan[found.serves])
  return found.entryFailure === undefined
    ? `${serving} serves; waiting for ${sideName(plan[otherOf(found.serves)])} to replicate into it`
    : `${serving} serves; waiting for entry "${plan.entry?.name ?? ''}": ${messageOf(found.entryFailure)}`
}

const otherOf = (side: 'from' | 'to'): 'from' | 'to' => (side === 'from' ? 'to' : 'from')

async function oneRound(plan: RestPlan, withinMs: number): Promise<Rest | Awaited> {
  const reached = await reach(plan, { withinMs, statementMs })
  try {
    if (plan.processes) await endOnServers(reached, plan.processes)
    await lockReached(reached, lockPatienceMs, untilDone)
    return await settleReached(plan, reached)
  } catch (error) {
    if (fatal.some((one) => error instanceof one)) throw error
    // Another process was quicker, or a server was lost meanwhile; the next round finds out.
    const isOurs = error instanceof SideStateChangedError || error instanceof SwitchoverBusyError
    return { awaits: isOurs || reached.from === undefined ? plan.from : plan.to, cause: error }
  } finally {
    await letGo(reached)
  }
}

async function settleReached(plan: RestPlan, reached: Reached): Promise<Rest | Awaited> {
  const leadsTo = await reached.entry?.leadsTo(plan)
  const [from, to] = await Promise.all([stateOf(reached.from), stateOf(reached.to)])
  const known: Known = {
    ...(plan.commitSent === undefined ? {} : { commitSent: plan.commitSent }),
    ...(leadsTo && { entryLeadsTo: leadsTo }),
    lead: plan.leadOutcome,
  }
  let verdict = decide({ from, to }, plan, known)
  if ('asks' in verdict) {
    const asked = await askLead(plan, verdict.asks)
    if (typeof asked !== 'string') return asked
    verdict = decide({ from, to }, plan, { ...known, lead: asked })
  }
  if (!('serves' in verdict)) {
    const side = 'awaits' in verdict ? verdict.awaits : 'from'
    return { awaits: plan[side], cause: reached.failures[side] ?? new Error('it has not said what is open') }
  }
  const { serves } = verdict
  const undone = await openSide(reached, { from, to }, serves)
  const entry = await entryAtRest(plan, reached, { serves, justOpened: undone })
  return { serves, undone, ...entry, link: await linkAtRest(plan, reached, serves) }
}

/**
 * What the lead has decided. It is brought to rest first, under its own locks: a run that still goes on with it is not overtaken.
 * @throws LeadUnknownError
 */
async function askLead(plan: RestPlan, decides: Lead): Promise<LeadOutcome | Awaited> {
  const { pair: lead, opens, leaves } = decidingPair(plan.leads ?? [], decides, plan)
  const { signal, say, by, patience } = plan
  const leadPlan: RestPlan = { ...lead, by, signal, say, patience }
  const reached = await reach(leadPlan, { withinMs: longestReachMs, statementMs })
  try {
    const outcome = async () =>
      outcomeOf({ opens: await stateOf(reached[opens]), leaves: await stateOf(reached[leaves]) }, decides)
    // What was opened stays so; that nothing was is only known while nobody else can open it.
    if ((await outcome()) === 'opened') return 'opened'
    if (lead.processes) await endOnServers(reached, lead.processes)
    await lockReached(reached, lockPatienceMs, untilDone)
    const found = await outcome()
    if (found !== undefined) return found
    const settled = await settleReached(leadPlan, reached)
    if ('awaits' in settled) return settled
    return (await outcome()) ?? { awaits: lead[opens], cause: new Error('it has not said what is open') }
  } catch (error) {
    return { awaits: lead[opens], cause: error }
  } finally {
    await letGo(reached)
  }
}

async function stateOf(side: Reached['from']): Promise<SideState | undefined> {
  return side && readState(side.control, side.port)
}

async function entryAtRest(
  plan: RestPlan,
  reached: Reached,
  { serves, justOpened }: { readonly serves: 'from' | 'to'; readonly justOpened: boolean },
): Promise<Pick<Rest, 'goesOn' | 'entryFailure'>> {
  const { entry } = plan
  if (entry === undefined) return { goesOn: true }
  let goesOn = false as boolean
  try {
    if (reached.entry === undefined) {
      await entry.settleUnreached(plan, plan[serves])
      return { goesOn, entryFailure: reached.failures.entry }
    }
    await reached.entry.settle({ pair: plan, serving: plan[serves], justOpened }, async (waited) => {
      goesOn = true
      await noteGapEnd(reached, { serves, by: plan.by, waited })
    })
    for (const side of [reached.from, reached.to])
      if (side) await settleGaps(side.control, side.port.database)
    return { goesOn }
  } catch (error) {
    return { goesOn, entryFailure: error }
  }
}

async function linkAtRest(plan: RestPlan, reached: Reached, serves: 'from' | 'to'): Promise<Rest['link']> {
  const { from, to } = reached
  if (from === undefined || to === undefined) return 'unreached'
  try {
    const { generation } = await readState({ from, to }[serves].control, plan[serves])
    return await tidyLinks({ from, to }, { generation, openSide: serves })
  } catch (error) {
    plan.say(`replication could not be set going yet: ${messageOf(error)}`)
    return 'unreached'
  }
}
