import type { Migration } from '../../domain/move/migration.ts'
import { isOver } from '../../domain/move/phase.ts'
import type { System, SystemState } from '../../domain/ledger/system.ts'
import { type WaitingFor, needsRunners, waitingFor } from '../../domain/move/rules/waiting-for.ts'
import { zonesOf } from '../../domain/plan/places.ts'
import { wayBackStanding } from '../../domain/move/rules/way-back-standing.ts'
import { totalGap } from '../../domain/measurement/write-gap.ts'
import type { WorkflowEnd } from '../../domain/move/workflow-end.ts'
import type { ZoneWithoutRunner } from '../../moves/zone-watch.ts'
import { migrationWorkflowId } from '../../workflows/migration/messages.ts'
import type { ApiContext } from '../context.ts'
import type { Downtime, MigrationSummary, MigrationView, SystemView } from '../contract.ts'

/** What is recorded, with what Temporal alone knows: that the workflow of a move that is not over has ended. */
export interface KnownMove {
  readonly m: Migration
  readonly end: WorkflowEnd | undefined
  /** Zones of the move without a runner, where it needs one. */
  readonly withoutRunner: readonly ZoneWithoutRunner[]
}

/** What a link into Temporal is made of. */
type LinkContext = Pick<ApiContext, 'temporal' | 'settings'>

/** A move as the API shows it: what is known, and what follows from it at this moment. */
export function moveView(context: LinkContext, known: KnownMove, name: string, nowMs: number): MigrationView {
  const m = asItIs(known)
  return { ...mutable(m), ...shown(context, { m, withoutRunner: known.withoutRunner }, name, nowMs) }
}

/** A move in a list. */
export function moveSummary(
  context: LinkContext,
  known: KnownMove,
  name: string,
  nowMs: number,
): MigrationSummary {
  const m = asItIs(known)
  const { migration, launchedAtMs, changedAtMs, sequence, phase, round, standing, standingReason, step } = m
  return {
    migration,
    launchedAtMs,
    changedAtMs,
    sequence,
    phase,
    round,
    standing,
    ...(standingReason === undefined ? {} : { standingReason }),
    ...(step === undefined ? {} : { step }),
    ...(m.endedOutside === undefined ? {} : { endedOutside: m.endedOutside }),
    ...(m.ledger === undefined ? {} : { ledger: mutable(m.ledger) }),
    timeZone: m.plan.policy.timeZone,
    organisations: m.plan.organisations,
    openTasks: m.tasks
      .filter((task) => task.state !== 'closed')
      .map(({ id, title, state, wantsSignature }) => ({ id, title, state, wantsSignature })),
    ...(m.retention === undefined ? {} : { wayBackUntilMs: m.retention.untilMs }),
    ...shown(context, { m, withoutRunner: known.withoutRunner }, name, nowMs),
  }
}

/** The record goes on saying what it said last: nobody has taken note of the end yet. */
function asItIs({ m, end }: Pick<KnownMove, 'm' | 'end'>): Migration {
  if (end === undefined || isOver(m)) return m
  return { ...m, standing: 'ended-outside', endedOutside: { end } }
}

function shown(
  { temporal, settings }: LinkContext,
  { m, withoutRunner }: Omit<KnownMove, 'end'>,
  name: string,
  nowMs: number,
) {
  const workflow = encodeURIComponent(migrationWorkflowId(m.plan.system))
  const { namespace } = temporal.options
  return {
    system: m.plan.system,
    name,
    profile: m.plan.policy.profile,
    ...(m.plan.tracked && { tracked: true as const }),
    wayBack: wayBackStanding(m),
    waitingFor: [...withoutRunner.map(waitingForRunner), ...waitingFor(m, nowMs)].map((wait) => ({
      ...wait,
      roles: [...wait.roles],
    })),
    downtime: downtime(m),
    ...(settings.temporalUiUrl === undefined
      ? {}
      : { temporalUrl: `${settings.temporalUiUrl}/namespaces/${namespace}/workflows/${workflow}` }),
  }
}

function waitingForRunner({ zone, sinceMs }: ZoneWithoutRunner): WaitingFor {
  return { code: 'runner', roles: ['operations'], subject: zone, sinceMs }
}

/** The zones without a runner that the move needs one of. */
export async function zonesWithoutRunner(
  { zones }: Pick<ApiContext, 'zones'>,
  { m, end }: Pick<KnownMove, 'm' | 'end'>,
): Promise<readonly ZoneWithoutRunner[]> {
  return end === undefined && needsRunners(m) ? zones.withoutRunner(zonesOf(m.plan)) : []
}

/** How long writers found nobody to acknowledge them: the gaps of the switches, as the procedure measured them. */
function downtime(m: Migration): Downtime {
  const switches = m.switches.map(({ kind, atMs, result: { gapMs, gapBound, undoneGaps = [] } }) => ({
    kind,
    atMs,
    ...(gapMs === undefined ? {} : { gapMs }),
    ...(gapBound === undefined ? {} : { gapBound }),
    undoneGaps: [...undoneGaps],
  }))
  const total = totalGap(switches.flatMap((one) => [...one.undoneGaps, one]))
  return {
    ...(total.gapMs === undefined ? {} : { totalMs: total.gapMs }),
    ...(total.gapBound === undefined ? {} : { totalBound: total.gapBound }),
    switches,
  }
}

/** A ledger entry with what its moves and plans make of it. */
export function systemView(system: System, newest: Migration | undefined, planned: boolean): SystemView {
  const state = newest === undefined ? (planned ? 'planned' : 'registered') : stateOf(newest)
  return { ...system, state, ...(newest === undefined ? {} : { migration: newest.migration }) }
}

function stateOf(m: Migration): SystemState {
  if (m.standing === 'closed' || m.standing === 'aborted') return m.standing
  const serves = m.endedOutside?.acknowledged?.serves
  if (serves !== undefined) return serves === 'new' ? 'moved' : 'aborted'
  return m.phase === 'retention' || m.phase === 'closing' ? 'moved' : 'moving'
}

type Mutable<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly unknown[]
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T extends object
      ? { -readonly [K in keyof T]: Mutable<T[K]> }
      : T

/** The contract's types say nothing of readonly; nobody changes a view. */
export function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>
}
