import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { System } from '../../domain/ledger/system.ts'
import type { StoredPlan } from '../../storage/plans.ts'
import type { WithStores } from '../context.ts'
import { HiddenError, OtherOrganisationError } from '../errors/access.ts'

/** Owners, providers and vendors see what their organisation takes part in; everybody else sees everything. */
export function sees(actor: Actor, organisations: Readonly<Record<string, string>>): boolean {
  return organisationSeenBy(actor) === undefined || Object.values(organisations).includes(actor.organisation)
}

/** The organisation lists are narrowed to; undefined for those who see everything. */
export function organisationSeenBy(actor: Actor): string | undefined {
  switch (actor.role) {
    case 'owner':
    case 'provider':
    case 'vendor':
      return actor.organisation
    case 'coordinator':
    case 'operations':
    case 'auditor':
    case 'engine':
      return undefined
  }
}

/**
 * The move a path names, by system (its newest) or by its own id, when the caller may see it.
 * @throws HiddenError also when there is none: the caller cannot tell the difference
 */
export async function visibleMove(
  { stores }: WithStores<'migrations'>,
  actor: Actor,
  systemOrMigration: string,
): Promise<Migration> {
  const found = await stores.migrations.find(systemOrMigration)
  if (found === undefined || !sees(actor, found.plan.organisations)) {
    throw new HiddenError('migration', systemOrMigration)
  }
  return found
}

/** @throws HiddenError */
export async function visiblePlan(
  { stores }: WithStores<'plans'>,
  actor: Actor,
  plan: string,
): Promise<StoredPlan> {
  const found = await stores.plans.find(plan)
  if (found === undefined || !sees(actor, found.content.organisations)) throw new HiddenError('plan', plan)
  return found
}

/** Whether the system is the organisation's own, or it takes part in one of its moves or plans. */
export function seesSystem(actor: Actor, system: System, involved: ReadonlySet<string>): boolean {
  const organisation = organisationSeenBy(actor)
  return (
    organisation === undefined ||
    system.department === organisation ||
    system.vendor === organisation ||
    involved.has(system.system)
  )
}

/**
 * Refuses an account whose organisation does not have its role in this move: another vendor may not act as the vendor.
 * @throws OtherOrganisationError
 */
export function assertTakesPart(actor: Actor, organisations: Readonly<Record<string, string>>): void {
  const { role } = actor
  if (role === 'engine') return
  const expected = organisations[role]
  if (expected !== actor.organisation)
    throw new OtherOrganisationError(actor.organisation, role, expected ?? 'nobody')
}

/** Whether the file was brought by the caller's organisation or is attached in a move the caller sees. */
export async function mayReadEvidence(
  { stores }: WithStores<'evidence'>,
  actor: Actor,
  digest: string,
): Promise<boolean> {
  const organisation = organisationSeenBy(actor)
  return organisation === undefined || stores.evidence.isVisibleTo(digest, organisation)
}
