import { applicationsOf, datasetsOf, sitesOf } from '../../domain/plan/places.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { Variables } from '../language/expression.ts'
import type { Bindings, BoundSide } from './bindings.ts'
import { siteVariable } from './site-variable.ts'

/**
 * The variables for systems that have one of a thing: `databases`, `sites` and `application`, by side and without a name.
 * Where a plan has several, or none, they are empty: a playbook that is frozen already says so when it asks.
 */
export function variablesOfOne(
  plan: MigrationPlan,
  bindings: Bindings,
  sides: readonly (readonly [name: string, side: BoundSide])[],
): Pick<Variables, 'databases' | 'sites' | 'application'> {
  const [application, ...otherApplications] = applicationsOf(plan)
  const only = otherApplications.length === 0 ? application : undefined
  return {
    databases: databaseVariables(plan, bindings),
    sites:
      only === undefined
        ? {}
        : Object.fromEntries(sides.flatMap(([name, side]) => siteOf(plan, side).map((site) => [name, site]))),
    application: only === undefined ? {} : { name: only.name, healthPath: only.healthPath },
  }
}

function databaseVariables(plan: MigrationPlan, bindings: Bindings): Record<string, unknown> {
  const [database, ...others] = datasetsOf(plan, 'postgresql')
  if (database === undefined || others.length > 0) return {}
  return Object.fromEntries(
    bindings.databaseNames().map((name) => {
      const role = bindings.assertDatabase(name)
      const { adminSecret: _, ...shown } = database[role]
      return [name, { role, ...shown, replicationAddress: shown['replicationAddress'] ?? shown['address'] }]
    }),
  )
}

/** The one site of a side, with the one file tree that lies on its host. */
function siteOf(plan: MigrationPlan, { role, host }: BoundSide): readonly unknown[] {
  const [site, ...others] = sitesOf(plan, role, host)
  if (site === undefined || others.length > 0) return []
  const trees = datasetsOf(plan, 'files').filter((tree) => tree[role].host === site.host)
  const [tree] = trees.length === 1 ? trees : []
  return [{ ...siteVariable(site), filesDirectory: tree?.[role]['path'] ?? '' }]
}
