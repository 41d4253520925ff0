import { overStandings } from '../domain/move/phase.ts'
import { conflictsBetween } from '../domain/plan/place-conflicts.ts'
import type { GivenPlan, MigrationPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import type { LaunchRequest } from '../domain/ports/launches.ts'
import { PlacesTakenError } from '../domain/ports/errors.ts'
import type { Queryable } from './pool.ts'

/** A move that holds its places. `begun`: whether the move has a record. */
export interface MoveUnderWay {
  readonly migration: string
  readonly system: string
  readonly content: MigrationPlan
  readonly begun: boolean
  /** The time of the latest request; 0 for a move without a recorded launch. */
  readonly atMs: number
}

/** The moves of other systems that have not ended, including those that are only requested. */
export async function movesUnderWay(client: Queryable, otherThan: string): Promise<readonly MoveUnderWay[]> {
  const { rows } = await client.query<
    Omit<MoveUnderWay, 'atMs' | 'content'> & { at_ms: string; content: GivenPlan }
  >(
    `select coalesce(m.migration, l.migration) as migration, coalesce(m.system, l.system) as system,
            coalesce(m.content->'plan', p.content) as content, m.migration is not null as begun,
            coalesce(l.at_ms, 0) as at_ms
       from launch l join plan p on p.plan = l.plan full join migration m on m.migration = l.migration
      where coalesce(m.system, l.system) <> $1 and (m.migration is null or m.standing <> all ($2))
      order by 1`,
    [otherThan, overStandings],
  )
  return rows.map(({ at_ms, content, ...move }) => ({
    ...move,
    content: upgradePlan(content),
    atMs: Number(at_ms),
  }))
}

/**
 * Checks that no other move holds these places. The caller's transaction must hold the lock of places, so that nobody launches in
 * between.
 * @throws PlacesTakenError
 */
export async function assertPlacesFree(
  client: Queryable,
  { plan, system, content }: Pick<LaunchRequest, 'plan' | 'system' | 'content'>,
): Promise<void> {
  for (const move of await movesUnderWay(client, system)) {
    const conflicts = conflictsBetween(content, move.content)
    if (conflicts.length > 0) throw new PlacesTakenError(plan, move, conflicts)
  }
}
