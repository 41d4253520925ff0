import { zoneOf } from '../domain/plan/places.ts'
import { Context } from '@temporalio/activity'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WatchedMove } from '../domain/move/watched-move.ts'
import type { WatchedMovesPort } from '../domain/ports/watched-moves.ts'
import type { WayBackVerdict } from '../domain/move/way-back.ts'
import { judgeWayBack, sameReasons } from '../domain/move/way-back.ts'
import { OwnDatabaseAwayError } from '../domain/ports/errors.ts'
import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import { type TellsMoves, tellMove } from '../moves/tell-move.ts'
import { guardWorkflowId } from '../workflows/guard/messages.ts'
import { explained } from './failure.ts'
import { ForwardWatch } from './forward-watch.ts'
import { withHeartbeat } from './heartbeat.ts'
import { lookAtWayBack } from './look-at-way-back.ts'
import { assertOwnWorkflow, type OwnWorkflowDeps } from './own-workflow.ts'
import { stopAll, type WayBackWatchers } from './way-back-watchers.ts'

export interface GuardDeps extends TellsMoves, OwnWorkflowDeps {
  readonly commands: TellsMoves['commands'] & OwnWorkflowDeps['commands']
  readonly moves: WatchedMovesPort
  readonly measurements: Pick<MeasurementsPort, 'addWayBack'>
  /** Watchers of its own for a guard that begins: they are stopped with it. */
  readonly watchers: () => Promise<WayBackWatchers>
}

/** A lab looks often; months are watched calmly. The marker must have come by a few looks later. */
const lookEveryMs = { lab: 1_000, production: 30_000 } as const

/** A state has to be seen twice before it is told, except the loss of the way back, which nothing makes undone. */
const looksBeforeTelling = 2

/**
 * Looks at the way back of every move in retention in one zone, keeps the files of the old side current, and tells a move
 * only when its state changes.
 */
export function createGuardActivities(deps: GuardDeps) {
  return explained({
    /** @throws OtherWorkflowError */
    async watchZone(input: { readonly zone: string; readonly forMs: number }): Promise<void> {
      const done = { what: 'watchZone', subject: input.zone }
      await assertOwnWorkflow(deps, done, (id) => id === guardWorkflowId(input.zone))
      const untilMs = Date.now() + input.forMs
      await withHeartbeat(3_000, async (signal) => {
        const watchers = await deps.watchers()
        const guard = new ZoneGuard(deps, watchers)
        const forward = new ForwardWatch(deps, watchers)
        try {
          while (Date.now() < untilMs) {
            signal.throwIfAborted()
            await guard.lookAtAll(input.zone)
            forward.look(async () =>
              (await deps.moves.beforeSwitch()).filter(
                ({ plan }) => plan.tracked === undefined && zoneOf(plan, 'target') === input.zone,
              ),
            )
            await sleep(1_000, undefined, { signal })
          }
        } finally {
          // Nothing of a guard that has ended is under way when the next one begins.
          await Promise.all([stopAll(watchers), forward.ended()])
        }
      })
    },
  })
}

class ZoneGuard {
  private readonly nextLookAtMs = new Map<string, number>()
  private readonly pending = new Map<string, WayBackVerdict & { readonly times: number }>()

  constructor(
    private readonly deps: GuardDeps,
    private readonly watchers: WayBackWatchers,
  ) {}

  /** What keeps the old side current goes on while the product's own database is away. */
  async lookAtAll(zone: string): Promise<void> {
    try {
      const moves = await this.deps.moves.inRetention()
      await this.look(
        moves.filter(({ plan }) => plan.tracked === undefined && zoneOf(plan, 'target') === zone),
      )
    } catch (error) {
      if (!(error instanceof OwnDatabaseAwayError)) throw error
      Context.current().log.warn(error.message)
    }
  }

  private async look(moves: readonly WatchedMove[]): Promise<void> {
    for (const watcher of this.watchers.values()) watcher.keepOnly(moves)
    const due = moves.filter((m) => (this.nextLookAtMs.get(m.migration) ?? 0) <= Date.now())
    await Promise.all(due.map((m) => this.lookAt(m)))
  }

  private async lookAt(m: WatchedMove): Promise<void> {
    this.nextLookAtMs.set(m.migration, Date.now() + lookEveryMs[m.plan.policy.profile])
    const { measurement, limits } = await lookAtWayBack(this.watchers, m)
    await this.deps.measurements.addWayBack(m.migration, measurement)
    const verdict = judgeWayBack(measurement, limits)
    // A side that is left, or being filled, has no way back to tell of.
    const isAtRest = m.rollbackRequested === undefined && m.rearm === undefined
    if (isAtRest && this.isNews(m, verdict)) await this.tell(m, verdict)
  }

  private isNews(m: WatchedMove, verdict: WayBackVerdict): boolean {
    const known = m.retention?.wayBack
    if (verdict.state === known?.state && sameReasons(verdict.reasons, known.reasons)) {
      this.pending.delete(m.migration)
      return false
    }
    const before = this.pending.get(m.migration)
    const isSame = before?.state === verdict.state && sameReasons(before.reasons, verdict.reasons)
    const times = isSame ? before.times + 1 : 1
    this.pending.set(m.migration, { ...verdict, times })
    return verdict.state === 'lost' || times >= looksBeforeTelling
  }

  private async tell(m: WatchedMove, { state, reasons }: WayBackVerdict): Promise<void> {
    this.pending.delete(m.migration)
    try {
      await tellMove(this.deps, m, { name: 'report-way-back', data: { state, reasons } })
    } catch (error) {
      // A move that has left retention refuses it; when Temporal is away, the next look reports it.
      Context.current().log.warn('the state of a way back was not taken', {
        migration: m.migration,
        state,
        error,
      })
    }
  }
}
