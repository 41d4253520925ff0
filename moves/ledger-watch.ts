import { WorkflowNotFoundError } from '@temporalio/common'
import { areSame, contradictionsOf } from '../domain/move/ledger-contradiction.ts'
import type { Migration } from '../domain/move/migration.ts'
import { isOver } from '../domain/move/phase.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { SystemsPort } from '../domain/ports/systems.ts'
import { CommandRefusedError, NotAnsweredError } from './errors.ts'
import type { PlanLedger } from './may-move.ts'
import { type TellsMoves, tellMove } from './tell-move.ts'
import { meaningOf } from './temporal-answers.ts'

export interface LedgerWatchDeps extends TellsMoves {
  readonly migrations: Pick<MigrationsPort, 'listNotOver'>
  readonly systems: SystemsPort
  readonly plans: PlanLedger
  /** How long Temporal may take to answer, by default 10 s. */
  readonly withinMs?: number | undefined
}

/** Of one move what the ledger has against it, and whether the move knows. */
export interface LedgerLook {
  readonly system: string
  readonly migration: string
  readonly told: boolean
}

type Answer = 'told' | 'refused' | 'away'

/**
 * Holds every move that is not over against the ledger as it is stored, and tells it what has changed. A reconciler: what a
 * move has not taken yet, since Temporal was away or the move had not begun, it is told at the next look.
 */
export class LedgerWatch {
  constructor(private readonly deps: LedgerWatchDeps) {}

  /** Looks at the moves of these systems, or at all, and gives those that have just changed. */
  async look(systems?: ReadonlySet<string>, signal?: AbortSignal): Promise<readonly LedgerLook[]> {
    const found: LedgerLook[] = []
    let isAway = false
    for (const m of await this.deps.migrations.listNotOver()) {
      if (signal?.aborted === true) break
      if (isOver(m) || systems?.has(m.plan.system) === false) continue
      const { plan, ledger } = m
      const [planned, now] = [
        await this.deps.plans.ledgerOf(plan.plan),
        await this.deps.systems.get(plan.system),
      ]
      const contradictions = contradictionsOf(plan, planned, now)
      if (areSame(contradictions, ledger?.contradictions ?? [])) continue
      const answer: Answer = isAway ? 'away' : await this.tell(m, { contradictions })
      isAway = answer === 'away'
      if (answer !== 'refused')
        found.push({ system: plan.system, migration: m.migration, told: answer === 'told' })
    }
    return found
  }

  private async tell(
    m: Migration,
    data: { readonly contradictions: ReturnType<typeof contradictionsOf> },
  ): Promise<Answer> {
    const { withinMs = 10_000 } = this.deps
    try {
      await tellMove(this.deps, m, { name: 'ledger-changed', data, withinMs })
      return 'told'
    } catch (error) {
      // The move ended, is being aborted, or knows already.
      if (error instanceof WorkflowNotFoundError) return 'refused'
      const meaning = meaningOf(error)
      if (meaning instanceof CommandRefusedError) return 'refused'
      if (meaning instanceof NotAnsweredError) return 'away'
      throw error
    }
  }
}
