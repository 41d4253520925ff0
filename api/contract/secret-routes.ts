import { z } from 'zod'
import { Identifier, SecretName } from '../../domain/identifier.ts'
import { secretPurposes, UseAddress } from '../../domain/secret-use.ts'
import { Actor, Nothing, Reason } from './identifiers.ts'
import type { Route } from './route.ts'
import { empty, read } from './route-shapes.ts'

const use = { secret: SecretName, system: Identifier, purpose: z.enum(secretPurposes) }

const AddressDecisionView = z.object({
  ...use,
  address: z.string(),
  organisation: z.string(),
  approved: z.boolean(),
  reason: z.string(),
  by: Actor,
  atMs: z.int(),
})
export type AddressDecisionView = z.infer<typeof AddressDecisionView>

/** Addresses at which secrets may be used beside those they were bound to. */
export const secretRoutes = {
  decideSecretAddress: {
    ...empty,
    method: 'POST',
    path: '/secrets/addresses',
    summary: 'Lets a secret of the caller’s organisation be used at another address, or no longer.',
    roles: ['owner', 'provider'],
    status: 201,
    body: z.strictObject({ ...use, address: UseAddress, approved: z.boolean(), reason: Reason }),
    response: AddressDecisionView,
  },
  listSecretAddresses: read('/secrets/addresses', 'The newest decision about each address of a secret.', {
    params: Nothing,
    query: Nothing,
    response: z.object({ addresses: z.array(AddressDecisionView) }),
  }),
} as const satisfies Readonly<Record<string, Route>>
