import type { HostRole } from '../../domain/host-role.ts'
import { hostRoles } from '../../domain/host-role.ts'
import {
  hostsNamed,
  hostsOf,
  isHostRole,
  type Named,
  type SideRole,
  sideRoles,
} from '../../domain/plan/places.ts'
import type { MigrationPlan, PlanHost } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { Playbook } from '../../domain/playbook/playbook.ts'
import { SeveralHostsError, UnknownDatabaseError, UnknownHostError } from '../language/errors.ts'

type Names = Pick<RunRequest, 'hosts' | 'databases'> & { readonly plan: Pick<MigrationPlan, 'hosts'> }

/** The part of a side that a name stands for: the whole side, or one of its hosts. */
export interface BoundSide {
  readonly role: SideRole
  readonly host?: string
}

/**
 * What the names of a playbook stand for: a role of the plan, which is all hosts of that role, or one host. Names of roles and of
 * the plan's hosts stand for themselves. A name that is bound only to a database also names the hosts of that role.
 */
export class Bindings {
  constructor(
    private readonly names: Names,
    private readonly playbook: Pick<Playbook, 'inputs'>,
  ) {}

  /** The role or the host name that a name stands for; undefined if the plan has no such host. */
  boundHost(name: string): string | undefined {
    const bound =
      own(this.names.hosts, name) ??
      (this.isOfPlan(name) ? name : undefined) ??
      this.defaultOf(name, 'host', [...hostRoles, ...this.planHosts()]) ??
      this.databaseRole(name)
    return bound !== undefined && this.isOfPlan(bound) ? bound : undefined
  }

  /** The hosts that a name stands for; empty if nothing binds it. */
  hosts(name: string): readonly Named<PlanHost>[] {
    const bound = this.boundHost(name)
    return bound === undefined ? [] : hostsNamed(this.names.plan, bound)
  }

  /** The side that a name stands for; undefined for entries, and for names that nothing binds. */
  side(name: string): BoundSide | undefined {
    const bound = this.boundHost(name)
    const role: HostRole | undefined = this.hosts(name)[0]?.role
    if (bound === undefined || role === undefined || role === 'entry') return undefined
    return isHostRole(bound) ? { role } : { role, host: bound }
  }

  databaseRole(name: string): SideRole | undefined {
    return (
      own(this.names.databases, name) ??
      sideRoles.find((role) => role === name) ??
      this.defaultOf(name, 'database', sideRoles)
    )
  }

  /** @throws UnknownHostError, SeveralHostsError */
  assertHost(name: string): Named<PlanHost> {
    const [host, ...others] = this.hosts(name)
    if (host === undefined) throw new UnknownHostError(name, this.hostNames())
    if (others.length > 0)
      throw new SeveralHostsError(
        name,
        [host, ...others].map((one) => one.name),
      )
    return host
  }

  /** @throws UnknownDatabaseError */
  assertDatabase(name: string): SideRole {
    const role = this.databaseRole(name)
    if (role === undefined) throw new UnknownDatabaseError(name, this.databaseNames())
    return role
  }

  hostNames(): readonly string[] {
    return this.known('host', this.names.hosts, [...hostRoles, ...this.planHosts()]).filter(
      (name) => this.boundHost(name) !== undefined,
    )
  }

  databaseNames(): readonly string[] {
    return this.known('database', this.names.databases, sideRoles).filter(
      (name) => this.databaseRole(name) !== undefined,
    )
  }

  private planHosts(): readonly string[] {
    return hostsOf(this.names.plan).map(({ name }) => name)
  }

  private isOfPlan(name: string): boolean {
    return hostsNamed(this.names.plan, name).length > 0
  }

  private known(type: string, names: Readonly<Record<string, unknown>>, roles: readonly string[]): string[] {
    const declared = Object.entries(this.playbook.inputs).flatMap(([name, d]) =>
      d.type === type || (type === 'host' && d.type === 'database') ? [name] : [],
    )
    const bound = type === 'host' ? Object.keys(this.names.databases) : []
    return [...new Set([...Object.keys(names), ...bound, ...declared, ...roles])]
  }

  private defaultOf<R extends string>(name: string, type: string, roles: readonly R[]): R | undefined {
    const declaration = own(this.playbook.inputs, name)
    return declaration?.type === type ? roles.find((role) => role === declaration.default) : undefined
  }
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
