import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { Account } from '../../domain/ports/accounts.ts'
import { actsFor, actsForDepartment, type RowOwner } from '../../domain/scope.ts'
import type { System } from '../../domain/ledger/system.ts'
import type { StoredPlan } from '../../storage/plans.ts'
import type { WithStores } from '../context.ts'
import { HiddenError, OtherOrganisationError } from '../errors/access.ts'

/** Who looks, or asks for something. */
export type Viewer = Pick<Account, 'account' | 'role' | 'organisation' | 'scope'>

/**
 * Everybody but an auditor sees what their organisation takes part in; a coordinator of it only what is of the departments the
 * coordinator acts for.
 */
export function sees(viewer: Viewer, organisations: Readonly<Record<string, string>>): boolean {
  const { role, scope } = viewer
  if (role === 'coordinator' && !actsForDepartment(scope, organisations['owner'] ?? '')) return false
  const organisation = organisationSeenBy(viewer)
  return organisation === undefined || Object.values(organisations).includes(organisation)
}

/** The organisation lists are narrowed to; undefined for those who see everything. */
export function organisationSeenBy(actor: Pick<Actor, 'role' | 'organisation'>): string | undefined {
  switch (actor.role) {
    case 'owner':
    case 'provider':
    case 'vendor':
    case 'coordinator':
    case 'operations':
      return actor.organisation
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
  viewer: Viewer,
  systemOrMigration: string,
): Promise<Migration> {
  const found = await stores.migrations.find(systemOrMigration)
  if (found === undefined || !sees(viewer, found.plan.organisations)) {
    throw new HiddenError('migration', systemOrMigration)
  }
  return found
}

/** @throws HiddenError */
export async function visiblePlan(
  { stores }: WithStores<'plans'>,
  viewer: Viewer,
  plan: string,
): Promise<StoredPlan> {
  const found = await stores.plans.find(plan)
  if (found === undefined || !sees(viewer, found.content.organisations)) throw new HiddenError('plan', plan)
  return found
}

/**
 * A plan the caller may carry out or try out: in the ledger as it is now, its system is one the caller acts for. Everything else is
 * answered as if there were none.
 * @throws HiddenError
 */
export async function actionablePlan(
  context: WithStores<'plans' | 'systems'>,
  viewer: Viewer,
  plan: string,
): Promise<StoredPlan> {
  const found = await visiblePlan(context, viewer, plan)
  const { system, organisations } = found.content
  // Auditors have no part in a move.
  if (viewer.role === 'auditor' || organisations[viewer.role] !== viewer.organisation)
    throw new HiddenError('plan', plan)
  if (!(await actsForSystem(context, viewer, system))) throw new HiddenError('plan', plan)
  return found
}

/** Whether a coordinator acts for a system, by the ledger; what others may do, the plan says that such a coordinator made. */
export async function actsForSystem(
  { stores }: WithStores<'systems'>,
  { role, scope }: Viewer,
  system: string,
): Promise<boolean> {
  if (role !== 'coordinator') return true
  const row = await stores.systems.ownerOf(system)
  // Of a system the ledger does not know the plan's own rules say so, together with everything else.
  return row === undefined || actsFor(scope, row)
}

/** Whether the system is the organisation's own, or it takes part in one of its moves or plans. */
export function seesSystem(
  viewer: Viewer,
  { system, row }: { readonly system: System; readonly row: RowOwner | undefined },
  involved: ReadonlySet<string>,
): boolean {
  if (viewer.role === 'coordinator') return row !== undefined && actsFor(viewer.scope, row)
  const organisation = organisationSeenBy(viewer)
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
  viewer: Pick<Actor, 'role' | 'organisation'>,
  digest: string,
): Promise<boolean> {
  const organisation = organisationSeenBy(viewer)
  return organisation === undefined || stores.evidence.isVisibleTo(digest, organisation)
}
