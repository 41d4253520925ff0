import type { Role } from '../organisation.ts'
import type { Scope } from '../scope.ts'

/** Somebody who may use the API: one role, one organisation, and a key to sign with. */
export interface Account {
  readonly account: string
  readonly role: Role
  readonly organisation: string
  readonly name: string
  /** What a coordinator acts for. */
  readonly scope: Scope
  readonly key?: AccountKey
}

export interface AccountKey {
  readonly keyId: string
  readonly publicKeyPem: string
}

export interface AccountsPort {
  /** The account of this name; undefined when there is none. */
  find(account: string): Promise<Account | undefined>
}
