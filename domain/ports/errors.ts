import { QianyunError } from '../errors.ts'
import { conflictText, type PlaceConflict } from '../plan/place-conflicts.ts'

/** Thrown when nothing is stored under the name that was asked for. */
export class NotStoredError extends QianyunError {
  override name = 'NotStoredError'
  readonly code: string

  constructor(
    readonly what:
      'system' | 'plan' | 'migration' | 'report' | 'evidence' | 'facts' | 'account' | 'playbook run',
    readonly id: string,
  ) {
    super(`There is no ${what} "${id}". Check how it is written.`)
    this.code = `unknown-${what.replace(' ', '-')}`
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
    super(
      `The ${what} stored under the SHA-256 "${digest}" has "${found}": it was changed in the database since. Nothing is taken from it. Put the database back from a backup, and find out who changed it.`,
    )
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
      readonly content: { readonly plan: string }
      readonly begun: boolean
      readonly atMs: number
    },
    readonly conflicts: readonly PlaceConflict[],
  ) {
    super(
      `The plan "${plan}" names what the move "${taker.migration}" by the plan "${taker.content.plan}" of "${taker.system}" works on: ${conflictText(conflicts)}. Wait until that move has ended, or make a plan that names other places.`,
    )
    this.migration = taker.migration
    this.system = taker.system
  }
}
