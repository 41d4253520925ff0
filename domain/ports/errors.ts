import { messageOf, QianyunError } from '../errors.ts'
import { inForeignWords, said } from '../words/said.ts'
import { conflictsSaid, type PlaceConflict } from '../plan/place-conflicts.ts'
import type { MigrationPlan } from '../plan/plan.ts'

/** Thrown when nothing is stored under the name that was asked for. */
export class NotStoredError extends QianyunError {
  override name = 'NotStoredError'
  readonly code: string

  constructor(
    readonly what:
      'system' | 'plan' | 'migration' | 'report' | 'evidence' | 'facts' | 'account' | 'playbook run',
    readonly id: string,
  ) {
    const code = what === 'playbook run' ? 'unknown-playbook-run' : (`unknown-${what}` as const)
    super(said(code, { id }))
    this.code = code
  }
}

/** Thrown when something that is stored under its digest has another one: somebody changed it in the database. */
export class AlteredError extends QianyunError {
  override name = 'AlteredError'
  readonly code = 'altered'

  constructor(
    readonly what: 'report' | 'evidence' | 'facts',
    readonly digest: string,
    readonly found: string,
  ) {
    super(said('altered', { what, digest, found }))
  }
}

/** Thrown when a plan names a place another move is working on. */
export class PlacesTakenError extends QianyunError {
  override name = 'PlacesTakenError'
  readonly code = 'places-taken'
  readonly migration: string
  readonly system: string

  constructor(
    readonly plan: string,
    readonly taker: {
      readonly migration: string
      readonly system: string
      readonly content: Pick<MigrationPlan, 'plan' | 'organisations'>
      readonly begun: boolean
      readonly atMs: number
    },
    readonly conflicts: readonly PlaceConflict[],
  ) {
    super(
      said('places-taken', {
        plan,
        migration: taker.migration,
        system: taker.system,
        otherPlan: taker.content.plan,
        conflicts: conflictsSaid(conflicts),
      }),
    )
    this.migration = taker.migration
    this.system = taker.system
  }
}

/** Thrown when the product's own database is away, stopped, read-only or full. What was asked for may be asked again. */
export class OwnDatabaseAwayError extends QianyunError {
  override name = 'OwnDatabaseAwayError'
  readonly code = 'own-database-away'

  /** `cause` is what its client, or the server itself, said. */
  constructor(
    readonly place: string,
    readonly sinceMs: number,
    override readonly cause: unknown,
  ) {
    const since = new Date(sinceMs).toISOString()
    super(said('own-database-away', { place, since, reason: inForeignWords(messageOf(cause)) }), { cause })
  }
}
