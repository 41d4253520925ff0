import type { HostPort } from '../../../runner/steps/kind.ts'
import type { ConsoleAddress } from './admin.ts'

/** An entry of pgbouncer, as far as its console reaches. */
export interface PoolerAtRest {
  /** The name of its database line. */
  readonly name: string
  readonly console: ConsoleAddress
}

/** An entry of pgbouncer, with the file of its line. */
export interface Pooler extends PoolerAtRest {
  /** The pooler's host, which holds the file with its database lines. */
  readonly host: HostPort
  readonly file: string
  /** The role clients log in as at the entry. Default: the application's first role. */
  readonly login?: { readonly user: string; readonly password: string } | undefined
}
