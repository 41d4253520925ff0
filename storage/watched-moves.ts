import type pg from 'pg'
import { overStandings } from '../domain/move/phase.ts'
import { withReadReasons } from '../domain/move/recorded-reason.ts'
import { isSwitched } from '../domain/move/switches.ts'
import type { MoveBeforeSwitch, WatchedMove } from '../domain/move/watched-move.ts'
import type { WatchedMovesPort } from '../domain/ports/watched-moves.ts'
import type { GivenPlan, MigrationPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'

/** A move in retention as it is read: what changes, and the digest of its plan. */
type ChangingPart = Omit<WatchedMove, 'plan' | 'phase'> & { readonly planDigest: string }

/**
 * The moves in retention, for a caller that looks at them every second: a call reads ids and sequences, only the moves that have
 * changed since, and each plan once.
 */
export class WatchedMoves implements WatchedMovesPort {
  private known = new Map<string, ChangingPart>()
  private plans = new Map<string, MigrationPlan>()

  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  async inRetention(): Promise<readonly WatchedMove[]> {
    const { rows: heads } = await this.pool.query<{ migration: string; sequence: number }>(
      `select migration, sequence from migration where phase = 'retention' and standing <> all ($1)`,
      [overStandings],
    )
    const changed = heads.filter(
      ({ migration, sequence }) => this.known.get(migration)?.sequence !== sequence,
    )
    const read = await this.read(changed.map(({ migration }) => migration))
    this.known = new Map(
      heads.flatMap(({ migration }) => {
        const move = read.get(migration) ?? this.known.get(migration)
        return move === undefined ? [] : [[migration, move] as const]
      }),
    )
    await this.readPlans()
    return [...this.known.values()].flatMap(({ planDigest, ...move }) => {
      const plan = this.plans.get(planDigest)
      return plan === undefined ? [] : [{ ...move, phase: 'retention' as const, plan }]
    })
  }

  async beforeSwitch(): Promise<readonly MoveBeforeSwitch[]> {
    const { rows } = await this.pool.query<Omit<MoveBeforeSwitch, 'plan'> & { readonly plan: GivenPlan }>(
      `select migration, sequence, content -> 'forward' as forward, content -> 'plan' as plan, coalesce(content -> 'switches', '[]') as switches,
              content -> 'hostKeys' as "hostKeys"
         from migration where phase = 'cutover' and standing <> all ($1)`,
      [overStandings],
    )
    return rows
      .filter((move) => !isSwitched(move))
      .map(({ forward, ...move }) => ({
        ...move,
        ...(forward && { forward }),
        plan: upgradePlan(move.plan),
      }))
  }

  private async read(migrations: readonly string[]): Promise<Map<string, ChangingPart>> {
    if (migrations.length === 0) return new Map()
    const { rows } = await this.pool.query<Record<keyof ChangingPart, unknown>>(
      `select migration, sequence, content ->> 'planDigest' as "planDigest", content -> 'hostKeys' as "hostKeys",
              content -> 'switches' as switches, content -> 'retention' as retention,
              content -> 'rollbackRequested' as "rollbackRequested", content -> 'rearm' as rearm
         from migration where migration = any ($1)`,
      [migrations],
    )
    const parts = rows.map((row) =>
      withReadReasons(
        Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null),
        ) as unknown as ChangingPart,
      ),
    )
    return new Map(parts.map((part) => [part.migration, part]))
  }

  /** The plans of the present moves: reads missing ones, and forgets those of moves that have left. */
  private async readPlans(): Promise<void> {
    const wanted = new Map([...this.known.values()].map((move) => [move.planDigest, move.migration]))
    for (const digest of this.plans.keys()) if (!wanted.has(digest)) this.plans.delete(digest)
    const unread = [...wanted].filter(([digest]) => !this.plans.has(digest)).map(([, migration]) => migration)
    if (unread.length === 0) return
    const { rows } = await this.pool.query<{ digest: string; plan: GivenPlan }>(
      `select content ->> 'planDigest' as digest, content -> 'plan' as plan
         from migration where migration = any ($1)`,
      [unread],
    )
    for (const { digest, plan } of rows) this.plans.set(digest, upgradePlan(plan))
  }
}
