import { QianyunError } from '../../../domain/errors.ts'
import { inForeignWords, said } from '../../../domain/words/said.ts'

/** Thrown when this machine has no client program new enough for a server. */
export class ClientToolMissingError extends QianyunError {
  override name = 'ClientToolMissingError'
  readonly code = 'client-tool-missing'

  constructor(
    readonly program: string,
    readonly wantedMajor: number,
    readonly found: readonly string[],
  ) {
    super(said('client-tool-missing', { program, wantedMajor, found }))
  }
}

/** Thrown when a client program failed. `tail` is the end of what it said, passwords never among it. */
export class ClientToolFailedError extends QianyunError {
  override name = 'ClientToolFailedError'
  readonly code = 'client-tool-failed'

  constructor(
    readonly program: string,
    readonly exitCode: number | null,
    readonly tail: string,
  ) {
    super(
      said('client-tool-failed', {
        program,
        how: exitCode === null ? said('by-signal') : said('by-exit-code', { exitCode }),
        tail: tail.trim(),
      }),
    )
  }
}

/** Thrown when a copy cannot be poured without running functions of an owner as a superuser. */
export class OwnerCodeError extends QianyunError {
  override name = 'OwnerCodeError'
  readonly code = 'owner-code'

  constructor(
    readonly database: string,
    readonly functions: readonly { readonly object: string; readonly role: string; readonly by: string }[],
  ) {
    super(
      said('owner-code', {
        database,
        functions: functions.map(({ object, role, by }) => `${object} (${role}: ${by})`),
      }),
    )
  }
}

/** Thrown when roles to carry over have the names of roles on the other server that were not carried over by us. */
export class ForeignRoleError extends QianyunError {
  override name = 'ForeignRoleError'
  readonly code = 'foreign-role'

  constructor(readonly roles: readonly string[]) {
    super(said('foreign-role', { roles }))
  }
}

/** Thrown when roles go on being made and dropped while they are carried over. */
export class RolesChangeError extends QianyunError {
  override name = 'RolesChangeError'
  readonly code = 'roles-change'

  constructor(
    readonly attempts: number,
    readonly reason: string,
  ) {
    super(said('roles-change', { attempts, reason: inForeignWords(reason) }))
  }
}

/** Thrown when something would drop or overwrite the database that serves. */
export class TargetServesError extends QianyunError {
  override name = 'TargetServesError'
  readonly code = 'target-serves'

  constructor(readonly database: string) {
    super(said('target-serves', { database }))
  }
}

interface NotGivenUp {
  readonly database: string
  readonly dump: string
  /** `unreadable`, `no-dump`, `older`, `not-agreed` */
  readonly found: string
  /** SHA-256 of the dump; absent where it cannot be read. */
  readonly digest?: string
  /** Who has agreed so far. */
  readonly by: readonly string[]
}

/** Thrown when a database that served is to be replaced without a dump of it, or without two people who agree to that. */
export class NotGivenUpError extends QianyunError {
  override name = 'NotGivenUpError'
  readonly code = 'not-given-up'

  constructor(readonly what: NotGivenUp) {
    super(said('not-given-up', { ...what }))
  }
}
