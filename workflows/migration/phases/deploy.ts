import { hostsOf, sitesOf, type SideRole } from '../../../domain/plan/places.ts'
import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import type { Course, PlaybookOccasionInMove } from '../course.ts'

/**
 * The runs that deploy a system on one side: one for each host that has a site of an application. A host that carries
 * databases alone has nothing to deploy.
 */
export function deployments(
  plan: Pick<MigrationPlan, 'hosts' | 'applications' | 'tracked'>,
  role: SideRole,
): readonly PlaybookOccasionInMove[] {
  // People deploy, wherever it is.
  if (plan.tracked !== undefined) return [{ purpose: 'deploy', occasion: `deploy-${role}` }]
  const withSites = hostsOf(plan, role).filter(({ name }) => sitesOf(plan, role, name).length > 0)
  return withSites.map(({ name }, index) => ({
    purpose: 'deploy',
    occasion: index === 0 ? `deploy-${role}` : `deploy-${role}-${name}`,
    hosts: { here: name },
    databases: { there: role },
  }))
}

/** Deploys on each host of a side, one after another. */
export async function deployOn(course: Course, role: SideRole): Promise<void> {
  for (const occasion of deployments(course.m.plan, role))
    await course.playbookStep(occasion.occasion, occasion)
}
