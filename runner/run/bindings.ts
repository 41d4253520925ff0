import { type HostRole, hostRoles } from '../../domain/host.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { Playbook } from '../../domain/playbook/playbook.ts'
import { UnknownDatabaseError, UnknownHostError } from '../language/errors.ts'

export type DatabaseRole = 'source' | 'staging' | 'target'
const databaseRoles: readonly DatabaseRole[] = ['source', 'staging', 'target']

type Names = Pick<RunRequest, 'hosts' | 'databases'>

/**
 * Which role of the plan a playbook's own names stand for. The roles' own names stand for themselves; a name that is bound
 * to a database alone stands, as a host's name, for the host of that role.
 */
export class Bindings {
  constructor(
    private readonly names: Names,
    private readonly playbook: Pick<Playbook, 'inputs'>,
  ) {}

  hostRole(name: string): HostRole | undefined {
    return (
      own(this.names.hosts, name) ??
      hostRoles.find((role) => role === name) ??
      this.defaultOf(name, 'host', hostRoles) ??
      this.databaseRole(name)
    )
  }

  databaseRole(name: string): DatabaseRole | undefined {
    return (
      own(this.names.databases, name) ??
      databaseRoles.find((role) => role === name) ??
      this.defaultOf(name, 'database', databaseRoles)
    )
  }

  /** @throws UnknownHostError */
  assertHost(name: string): HostRole {
    const role = this.hostRole(name)
    if (role === undefined) throw new UnknownHostError(name, this.hostNames())
    return role
  }

  /** @throws UnknownDatabaseError */
  assertDatabase(name: string): DatabaseRole {
    const role = this.databaseRole(name)
    if (role === undefined) throw new UnknownDatabaseError(name, this.databaseNames())
    return role
  }

  hostNames(): readonly string[] {
    return this.known('host', this.names.hosts, hostRoles).filter((name) => this.hostRole(name) !== undefined)
  }

  databaseNames(): readonly string[] {
    return this.known('database', this.names.databases, databaseRoles).filter(
      (name) => this.databaseRole(name) !== undefined,
    )
  }

  private known(type: string, names: Readonly<Record<string, unknown>>, roles: readonly string[]): string[] {
    const declared = Object.entries(this.playbook.inputs).flatMap(([name, d]) =>
      d.type === type || (type === 'host' && d.type === 'database') ? [name] : [],
    )
    return [...new Set([...Object.keys(names), ...declared, ...roles])]
  }

  private defaultOf<R extends string>(name: string, type: string, roles: readonly R[]): R | undefined {
    const declaration = own(this.playbook.inputs, name)
    return declaration?.type === type ? roles.find((role) => role === declaration.default) : undefined
  }
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
