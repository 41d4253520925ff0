import { databaseEndpointKinds, type EndpointKind } from '../../domain/plan/endpoint.ts'
import { allEndpointsOf, applicationsOf, datasetsOf, type Named, sitesOf } from '../../domain/plan/places.ts'
import type { Dataset, MigrationPlan } from '../../domain/plan/plan.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { Variables } from '../language/expression.ts'
import type { Bindings, BoundSide } from './bindings.ts'
import { siteVariable } from './site-variable.ts'

type NamedSides = readonly (readonly [name: string, side: BoundSide])[]

/**
 * The variables for systems with one database, site or application: `databases`, `sites` and `application`, by side and without a
 * name. If a plan has several or none, they are absent, and `absent` gives the reason to a playbook that uses them.
 */
export function variablesOfOne(
  plan: MigrationPlan,
  bindings: Bindings,
  sides: NamedSides,
): Pick<Variables, 'databases' | 'sites' | 'application'> & Required<Pick<Variables, 'absent'>> {
  const [application, ...otherApplications] = applicationsOf(plan)
  const only = otherApplications.length === 0 ? application : undefined
  return {
    databases: databaseVariables(plan, bindings),
    sites: Object.fromEntries(
      sides.flatMap(([name, side]) => siteOf(plan, side).map((site) => [name, site])),
    ),
    application: only === undefined ? {} : { name: only.name, healthPath: only.healthPath },
    absent: absentIn(plan, bindings, sides),
  }
}

/** By the name that an expression uses. */
function absentIn(plan: MigrationPlan, bindings: Bindings, sides: NamedSides): Record<string, Said> {
  const unlessOne = (
    parts: readonly { readonly name: string }[],
    say: (found: { readonly count: number; readonly names: readonly string[] }) => readonly [string, Said][],
  ) => (parts.length === 1 ? [] : say({ count: parts.length, names: parts.map(({ name }) => name) }))
  const endpoint = (variable: string, kinds: readonly EndpointKind[]) =>
    unlessOne(
      allEndpointsOf(plan).filter(({ kind }) => kinds.includes(kind)),
      (found) => [[`endpoints.${variable}`, said('one-endpoint-variable', { variable, kinds, ...found })]],
    )
  return Object.fromEntries([
    ...sides.flatMap(([side, { role, host }]) =>
      unlessOne(sitesOf(plan, role, host), (found) => [
        [`sites.${side}`, said('one-site-variable', { side, ...found })],
      ]),
    ),
    ...unlessOne(applicationsOf(plan), (found) =>
      ['name', 'healthPath'].map((name) => [`application.${name}`, said('one-application-variable', found)]),
    ),
    ...unlessOne(datasetsOf(plan, 'postgresql'), (found) =>
      bindings
        .databaseNames()
        .map((side) => [`databases.${side}`, said('one-database-variable', { side, ...found })]),
    ),
    ...endpoint('database', databaseEndpointKinds),
    ...endpoint('http', ['http']),
  ])
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

/** The only site of a side, with the file tree that it uses. */
function siteOf(plan: MigrationPlan, { role, host }: BoundSide): readonly unknown[] {
  const [site, ...others] = sitesOf(plan, role, host)
  if (site === undefined || others.length > 0) return []
  const tree = treeOf(datasetsOf(plan, 'files'), role, site.host)
  return [{ ...siteVariable(site), filesDirectory: tree?.[role]['path'] ?? '' }]
}

/** The file tree on the site's host; otherwise the only one, which the hosts of a side share. */
function treeOf(
  trees: readonly Named<Dataset>[],
  role: BoundSide['role'],
  host: string,
): Named<Dataset> | undefined {
  const there = trees.filter((tree) => tree[role].host === host)
  const [tree, ...others] = there.length === 0 ? trees : there
  return others.length === 0 ? tree : undefined
}
