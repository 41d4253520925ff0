import { randomBytes } from 'node:crypto'
import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecretBinding } from '../domain/secret-use.ts'
import type { PlacedPlan } from '../domain/plan/place-conflicts.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { secretUsesOf } from '../domain/plan/secret-uses.ts'
import { readSecretFile, writeSecretBindings } from '../config/secrets.ts'

/** The path of a secret: one file in <home>/secrets. */
export function secretPath(home: string, name: string): string {
  return join(home, 'secrets', name)
}

/** Gives the secret of that name, made at random when there is none. Letters and digits only, safe in any file format. */
export async function ensureSecret(home: string, name: string): Promise<string> {
  await ensureSecretFile(home, name, (draft) =>
    writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' }),
  )
  return readSecretFile(home, name)
}

/** Says what the secrets of a plan are for: the owner's, each for exactly what the plan uses it for. */
export function bindSecrets(
  home: string,
  plan: PlacedPlan & Pick<MigrationPlan, 'system' | 'organisations'>,
): void {
  const bound = new Map<string, SecretBinding[]>()
  for (const { secret, purpose, address } of secretUsesOf(plan)) {
    const bindings = bound.get(secret) ?? []
    const known = bindings.find((one) => one.purpose === purpose)
    if (known === undefined) {
      const { organisations, system } = plan
      bindings.push({ organisation: organisations.owner, system, purpose, addresses: [address] })
    } else if (!known.addresses.includes(address)) known.addresses.push(address)
    bound.set(secret, bindings)
  }
  for (const [secret, bindings] of bound) writeSecretBindings(home, secret, bindings)
}

/** Makes a secret's file when there is none: `write` fills the draft it is given, with mode 0600. */
export async function ensureSecretFile(
  home: string,
  name: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const path = secretPath(home, name)
  if (await stat(path).catch(() => undefined)) return
  await mkdir(join(home, 'secrets'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await write(draft)
  try {
    // A link never replaces: of two starters that both find nothing, one wins and both read the same.
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft)
  }
}
