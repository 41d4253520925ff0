import { type InputProblem, problemAt } from '../errors.ts'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { HostRole } from '../host-role.ts'
import { jumpProblems } from './jump-rules.ts'
import { hostsOf, isHostRole, type Named, type SideRole, sideRoles } from './places.ts'
import type { MigrationPlan, PlanHost } from './plan.ts'

type Hosts = Pick<MigrationPlan, 'hosts' | 'jumpHosts'>

/** What is wrong with the hosts of a plan among themselves. */
export function hostProblems(plan: Hosts): readonly InputProblem[] {
  return [
    ...roleProblems(plan),
    ...hostsOf(plan).flatMap((host) => nameProblems(plan, host)),
    ...zoneProblems(plan),
    ...sameHostProblems(plan),
    ...jumpProblems(plan),
  ]
}

/** What is wrong with the host named where a host of a role is required. */
export function hostReferenceProblems(
  { hosts }: Hosts,
  { path, name, role }: { readonly path: string; readonly name: string; readonly role: HostRole },
): readonly InputProblem[] {
  const found = Object.hasOwn(hosts, name) ? hosts[name] : undefined
  if (found === undefined) {
    const known = hostsOf({ hosts }, role).map((one) => one.name)
    return [
      problemAt(
        path,
        known.length === 0
          ? said('host-of-no-role', { host: name, role })
          : said('host-not-of-plan', { host: name, known }),
      ),
    ]
  }
  return found.role === role
    ? []
    : [problemAt(path, said('host-of-other-role', { host: name, found: found.role, role }))]
}

function roleProblems(plan: Hosts): InputProblem[] {
  const missing = sideRoles.filter((role) => hostsOf(plan, role).length === 0)
  return missing.map((role) => problemAt('hosts', said('role-without-host', { role })))
}

/** Playbooks name a role and mean all of its hosts: a host with that name would make it two things. */
function nameProblems(plan: Hosts, { name, role }: Named<PlanHost>): InputProblem[] {
  if (!isHostRole(name)) return []
  const path = `hosts.${name}`
  if (name !== role) return [problemAt(path, said('host-named-like-role', { role }))]
  const others = hostsOf(plan, role).length - 1
  return others === 0 ? [] : [problemAt(path, said('host-named-like-shared-role', { count: others }))]
}

/** One runner looks at all hosts of a role, and a zone's runner reaches its own zone alone. */
function zoneProblems(plan: Hosts): InputProblem[] {
  return (['source', 'staging', 'target', 'entry'] as const).flatMap((role) => {
    const [first, ...others] = hostsOf(plan, role)
    return others
      .filter(({ zone }) => zone !== first?.zone)
      .map(({ name, zone }) => {
        const values = { zone, other: first?.name ?? '', otherZone: first?.zone ?? '' }
        return problemAt(`hosts.${name}.zone`, said('host-in-other-zone', values))
      })
  })
}

/** A place used for two sides would be deployed to, replicated to and wiped while it holds the only copy. */
function sameHostProblems(plan: Hosts): InputProblem[] {
  const order: readonly SideRole[] = ['source', 'target', 'staging']
  const hosts = order.flatMap((role) => hostsOf(plan, role))
  return hosts.flatMap((host, index) =>
    hosts
      .slice(0, index)
      .filter((other) => address(other) === address(host))
      .map((other) => {
        const code = other.role === host.role ? 'host-named-twice' : 'host-of-two-sides'
        return problemAt(`hosts.${host.name}`, said(code, { address: address(host), other: called(other) }))
      }),
  )
}

const called = ({ name, role }: Named<PlanHost>): Said =>
  name === role ? said('host-called-by-role', { role }) : said('host-called-by-name', { host: name, role })

const address = ({ address: host, port }: PlanHost): string => `${host}:${String(port)}`
