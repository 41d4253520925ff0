import type { SecretUse } from '../secret-use.ts'

/** A recorded decision that a secret may be used at an address it was not bound to. */
export interface AddressApproval extends SecretUse {
  readonly secret: string
  readonly system: string
  /** Of whoever approved it. */
  readonly organisation: string
}

export interface SecretAddressesPort {
  /** The organisations that approved the use and have not withdrawn it. */
  approvedBy(use: Omit<AddressApproval, 'organisation'>): Promise<readonly string[]>
  /** Whether a plan's move was under way before secrets were bound: it goes on with what its plan names. */
  isFromBefore(plan: string, use: SecretUse & { readonly secret: string }): Promise<boolean>
}
