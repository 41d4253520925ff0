import { QianyunError } from '../../domain/errors.ts'
import type { SecretFor, SecretUse } from '../../domain/secret-use.ts'
import { said } from '../../domain/words/said.ts'

type Asked = SecretUse & Pick<SecretFor, 'system'>

/** Thrown when nobody has said what a secret is for, or it is for something else. */
export class SecretNotForThisError extends QianyunError {
  override name = 'SecretNotForThisError'
  readonly code: 'secret-not-bound' | 'secret-not-for-this'

  constructor(
    readonly secretName: string,
    { system, purpose, address }: Asked,
    isBound: boolean,
  ) {
    const code = isBound ? 'secret-not-for-this' : 'secret-not-bound'
    super(said(code, { secretName, system, purpose, address }))
    this.code = code
  }
}

/** Thrown when a secret is to be used at an address its organisation has not approved. */
export class SecretAddressError extends QianyunError {
  override name = 'SecretAddressError'
  readonly code = 'secret-address-not-approved'

  constructor(
    readonly secretName: string,
    { system, purpose, address }: Asked,
    readonly organisations: readonly string[],
  ) {
    super(said('secret-address-not-approved', { secretName, system, purpose, address, organisations }))
  }
}
