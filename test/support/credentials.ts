import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type pg from 'pg'
import type { Actor, Role } from '../../domain/organisation.ts'
import { ensureAccounts, keyId } from '../../storage/accounts.ts'
import { actors } from './actors.ts'

/** What one person has: a token for the API and a key of their own. */
export interface Credentials {
  readonly actor: Actor & { readonly role: Role }
  readonly token: string
  readonly keyId: string
  readonly privateKey: KeyObject
}

/** People beside those of `actors`: of organisations with no part in the sample plan's move. */
const strangers = {
  otherOwner: { account: 'owner-he', role: 'owner', organisation: 'water-bureau' },
  otherProvider: { account: 'provider-lin', role: 'provider', organisation: 'other-cloud' },
  otherVendor: { account: 'vendor-gao', role: 'vendor', organisation: 'other-soft' },
  otherOperations: { account: 'operations-ma', role: 'operations', organisation: 'other-centre' },
  otherCoordinator: { account: 'coordinator-xu', role: 'coordinator', organisation: 'other-office' },
  secondOwner: { account: 'owner-zhou', role: 'owner', organisation: 'permit-bureau' },
  secondCoordinator: {
    account: 'coordinator-wu',
    role: 'coordinator',
    organisation: 'coordination-office',
  },
} as const satisfies Record<string, Actor>

const everybody = { ...actors, ...strangers }
export type Person = keyof typeof everybody

/** Registers everybody, each with a fresh token and key. */
export async function registerPeople(pool: pg.Pool): Promise<Readonly<Record<Person, Credentials>>> {
  const people = Object.keys(everybody) as Person[]
  const made = await registerFurther(
    pool,
    people.map((person) => everybody[person]),
  )
  return Object.fromEntries(people.map((person, index) => [person, made[index]])) as Record<
    Person,
    Credentials
  >
}

/** Registers further people, each with a fresh token and key. */
export async function registerFurther(
  pool: pg.Pool,
  people: readonly Credentials['actor'][],
): Promise<readonly Credentials[]> {
  const made = people.map((actor) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const token = randomBytes(32).toString('base64url')
    return { publicKeyPem, has: { actor, token, privateKey, keyId: keyId(publicKeyPem) } }
  })
  await ensureAccounts(
    pool,
    made.map(({ publicKeyPem, has }) => ({
      ...has.actor,
      name: has.actor.account,
      tokenHash: createHash('sha256').update(has.token).digest('hex'),
      publicKeyPem,
    })),
  )
  return made.map(({ has }) => has)
}

/** Base64 of the person's signature over a text. */
export function signatureBy({ privateKey }: Credentials, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64')
}
