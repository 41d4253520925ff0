import { Context } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Migration } from '../domain/move/migration.ts'
import { engineActor } from '../domain/organisation.ts'
import type { WayBackLimits, WayBackVerdict } from '../domain/move/way-back.ts'
import { judgeWayBack, keepsFiles } from '../domain/move/way-back.ts'
import { FilesBack, type FilesBackParts } from '../families/files/files-back.ts'
import type { WayBackWatch } from '../families/postgresql/health.ts'
import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { commandUpdates, migrationWorkflowId } from '../workflows/migration/messages.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

export interface GuardDeps extends Pick<FilesBackParts, 'runner' | 'databaseOf'> {
  readonly migrations: Pick<MigrationsPort, 'listInPhase'>
  readonly measurements: MeasurementsPort
  readonly client: Client
  readonly wayBack: WayBackWatch
}

/** A lab looks often; months are watched calmly. The marker must have come by a few looks later. */
const lookEveryMs = { lab: 1_000, production: 30_000 } as const
/** What the new side takes in between two passes is lost with its host. */
const filesRestMs = { lab: 2_000, production: 60_000 } as const
const limits = {
  lab: { maxMarkerAgeMs: 10_000, maxFilesAgeMs: 60_000 },
  production: { maxMarkerAgeMs: 300_000, maxFilesAgeMs: 3_600_000 },
} as const satisfies Record<string, WayBackLimits>

/** A state has to be seen twice before it is told, except the loss of the way back, which nothing makes undone. */
const looksBeforeTelling = 2

/**
 * Looks at the way back of every move in retention in one zone, keeps the files of the old side current, and tells a move
 * only when its state changes.
 */
export function createGuardActivities(deps: GuardDeps) {
  return explained({
    async watchZone(input: { readonly zone: string; readonly forMs: number }): Promise<void> {
      const untilMs = Date.now() + input.forMs
      await withHeartbeat(3_000, async (signal) => {
        const guard = new ZoneGuard(deps)
        try {
          while (Date.now() < untilMs) {
            signal.throwIfAborted()
            const inRetention = await deps.migrations.listInPhase('retention')
            const here = inRetention.filter(
              (m) => m.plan.hosts.target.zone === input.zone && m.standing !== 'closed',
            )
            await guard.look(here)
            await sleep(1_000, undefined, { signal })
          }
        } finally {
          // Nothing of a guard that has ended is under way when the next one begins.
          await guard.stop()
        }
      })
    },
  })
}

class ZoneGuard {
  private readonly nextLookAtMs = new Map<string, number>()
  private readonly pending = new Map<string, { state: string; times: number }>()
  private readonly files: FilesBack

  constructor(private readonly deps: GuardDeps) {
    const { runner, databaseOf } = deps
    this.files = new FilesBack({
      runner,
      databaseOf,
      restMs: (m) => filesRestMs[m.plan.policy.profile],
      lastKnownAsOfMs: async (m) => this.filesKnownAsOfMs(m),
    })
  }

  async look(moves: readonly Migration[]): Promise<void> {
    this.files.keepOnly(moves.filter(keepsFiles))
    const due = moves.filter((m) => (this.nextLookAtMs.get(m.migration) ?? 0) <= Date.now())
    await Promise.all(due.map((m) => this.lookAt(m)))
    this.deps.wayBack.keepOnly(moves.map((m) => m.migration))
  }

  async stop(): Promise<void> {
    await this.files.stop()
  }

  private async lookAt(m: Migration): Promise<void> {
    const { profile } = m.plan.policy
    this.nextLookAtMs.set(m.migration, Date.now() + lookEveryMs[profile])
    const look = await this.deps.wayBack.look(m)
    const measurement = { ...look, ...this.files.look(m, look.atMs) }
    await this.deps.measurements.addWayBack(m.migration, measurement)
    const verdict = judgeWayBack(measurement, limits[profile])
    if (m.rollbackRequested === undefined && this.isNews(m, verdict)) await this.tell(m, verdict)
  }

  /** What an earlier guard measured; else the cutover: until then files came from the old side. */
  private async filesKnownAsOfMs(m: Migration): Promise<number> {
    const cutOverAtMs = m.switches.at(-1)?.atMs ?? 0
    const looks = await this.deps.measurements.recentWayBack(m.migration, 50)
    const known = looks.find(({ filesAgeMs }) => filesAgeMs !== undefined)
    return Math.max(cutOverAtMs, known === undefined ? 0 : known.atMs - (known.filesAgeMs ?? 0))
  }

  private isNews(m: Migration, verdict: WayBackVerdict): boolean {
    const known = m.retention?.wayBack.state
    if (verdict.state === known) {
      this.pending.delete(m.migration)
      return false
    }
    const before = this.pending.get(m.migration)
    const times = before?.state === verdict.state ? before.times + 1 : 1
    this.pending.set(m.migration, { state: verdict.state, times })
    return verdict.state === 'lost' || times >= looksBeforeTelling
  }

  private async tell(m: Migration, { state, reasons }: WayBackVerdict): Promise<void> {
    this.pending.delete(m.migration)
    const handle = this.deps.client.workflow.getHandle(migrationWorkflowId(m.plan.system))
    // The id says what is told, so that two guards telling the same change are heard once.
    const requestId = `way-back/${m.migration}/${String(m.sequence)}/${state}`
    try {
      await this.deps.client.withDeadline(Date.now() + 10_000, () =>
        handle.executeUpdate(commandUpdates['report-way-back'], {
          updateId: requestId,
          args: [{ requestId, actor: engineActor, data: { state, reasons } }],
        }),
      )
    } catch (error) {
      // A move that has left retention meanwhile refuses; a Temporal that is away hears it at the next look.
      Context.current().log.warn('the state of a way back was not taken', {
        migration: m.migration,
        state,
        error,
      })
    }
  }
}
