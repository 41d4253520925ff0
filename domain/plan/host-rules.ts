import type { InputProblem } from '../errors.ts'
import type { HostRole } from '../host-role.ts'
import { hostsOf, isHostRole, type Named, type SideRole, sideRoles } from './places.ts'
import type { MigrationPlan, PlanHost } from './plan.ts'

export const apart = 'source, staging and target are different places'

type Hosts = Pick<MigrationPlan, 'hosts'>

/** What is wrong with the hosts of a plan among themselves. */
export function hostProblems(plan: Hosts): readonly InputProblem[] {
  return [
    ...roleProblems(plan),
    ...hostsOf(plan).flatMap((host) => nameProblems(plan, host)),
    ...zoneProblems(plan),
    ...sameHostProblems(plan),
  ]
}

/** What is wrong with the host named where a host of a role is required. */
export function hostReferenceProblems(
  { hosts }: Hosts,
  { path, name, role }: { readonly path: string; readonly name: string; readonly role: HostRole },
): readonly InputProblem[] {
  const found = Object.hasOwn(hosts, name) ? hosts[name] : undefined
  if (found === undefined) {
    const known = hostsOf({ hosts }, role).map((one) => `"${one.name}"`)
    const expected = known.length === 0 ? `a host with the role "${role}"` : `one of ${known.join(', ')}`
    return [{ path, message: `is "${name}", which is no host of the plan; expected ${expected}` }]
  }
  return found.role === role
    ? []
    : [{ path, message: `is "${name}", a host with the role "${found.role}"; expected one with "${role}"` }]
}

function roleProblems(plan: Hosts): InputProblem[] {
  const missing = sideRoles.filter((role) => hostsOf(plan, role).length === 0)
  return missing.map((role) => ({
    path: 'hosts',
    message: `has no host with the role "${role}"; source, staging and target are one host each at least`,
  }))
}

/** Playbooks name a role and mean all of its hosts: a host with that name would make it two things. */
function nameProblems(plan: Hosts, { name, role }: Named<PlanHost>): InputProblem[] {
  if (!isHostRole(name)) return []
  const path = `hosts.${name}`
  if (name !== role)
    return [
      { path, message: `is named like a role and has the role "${role}"; give it a name that is no role` },
    ]
  const others = hostsOf(plan, role).length - 1
  return others === 0
    ? []
    : [
        {
          path,
          message: `is named like its role, which ${String(others)} other ${others === 1 ? 'host has' : 'hosts have'} too; give each a name of its own`,
        },
      ]
}

/** One runner looks at all hosts of a role, and a zone's runner reaches its own zone alone. */
function zoneProblems(plan: Hosts): InputProblem[] {
  return (['source', 'staging', 'target', 'entry'] as const).flatMap((role) => {
    const [first, ...others] = hostsOf(plan, role)
    return others
      .filter(({ zone }) => zone !== first?.zone)
      .map(({ name, zone }) => ({
        path: `hosts.${name}.zone`,
        message: `is "${zone}", where "${first?.name ?? ''}" is in "${first?.zone ?? ''}"; the hosts of one role share a zone`,
      }))
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
      .map((other) => ({
        path: `hosts.${host.name}`,
        message: `is "${address(host)}", which is ${called(other)} too; ${other.role === host.role ? 'name a host once' : apart}`,
      })),
  )
}

const called = ({ name, role }: Named<PlanHost>): string =>
  name === role ? `the ${role}` : `"${name}" (${role})`

const address = ({ address: host, port }: PlanHost): string => `${host}:${String(port)}`
