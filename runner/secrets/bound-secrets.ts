import type { SecretAddressesPort } from '../../domain/ports/secret-addresses.ts'
import type { SecretBinding, SecretFor, SecretUse } from '../../domain/secret-use.ts'
import { SecretAddressError, SecretNotForThisError } from './errors.ts'

/** A use of a secret, and who asks for it. */
export type SecretRequest = SecretUse & SecretFor

/** Where secret values come from. */
export interface SecretReader {
  /** The value without the line break at its end. @throws when the secret may not be used there */
  read(name: string, request: SecretRequest): Promise<string>
}

/** Values and bindings, wherever they are kept. */
export interface SecretSource {
  read(name: string): Promise<string>
  /** What a secret was put there for; undefined if nobody said so. */
  bindings(name: string): Promise<readonly SecretBinding[] | undefined>
}

export interface BoundSecretsDeps {
  readonly source: SecretSource
  readonly addresses: SecretAddressesPort
  /** @throws when an address is the product's own */
  readonly ownPlaces: { assertNone(address: string): Promise<void> }
}

/** Gives a secret only for what it was bound to: its system, its organisation, its purpose and its addresses. */
export class BoundSecrets implements SecretReader {
  constructor(private readonly deps: BoundSecretsDeps) {}

  /** @throws OwnPlaceError SecretNotForThisError SecretAddressError, and the errors of the source */
  async read(name: string, request: SecretRequest): Promise<string> {
    const { source, ownPlaces } = this.deps
    await ownPlaces.assertNone(request.address)
    await this.assertMayUse(name, request)
    return source.read(name)
  }

  private async assertMayUse(secret: string, request: SecretRequest): Promise<void> {
    const { source, addresses } = this.deps
    const { plan, system, organisations, purpose, address } = request
    const bindings = await source.bindings(secret)
    if (bindings === undefined) {
      if (await addresses.isFromBefore(plan, { secret, purpose, address })) return
      throw new SecretNotForThisError(secret, request, false)
    }
    const fitting = bindings.filter(
      (one) => one.system === system && one.purpose === purpose && organisations.includes(one.organisation),
    )
    if (fitting.length === 0) throw new SecretNotForThisError(secret, request, true)
    if (fitting.some((one) => one.addresses.includes(address))) return
    const approvedBy = await addresses.approvedBy({ secret, system, purpose, address })
    const answerable = fitting.map(({ organisation }) => organisation)
    if (answerable.some((organisation) => approvedBy.includes(organisation))) return
    throw new SecretAddressError(secret, request, answerable)
  }
}
