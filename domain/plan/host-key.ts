import type { HostRole } from '../host.ts'
import type { MigrationPlan } from './plan.ts'

interface Pins {
  readonly plan: Pick<MigrationPlan, 'hosts'>
  readonly hostKeys: Readonly<Partial<Record<HostRole, string>>>
}

/** The key a host is known by: the one approved during the move, before that the one its plan came with. */
export function pinnedKey({ plan, hostKeys }: Pins, role: HostRole): string | undefined {
  return hostKeys[role] ?? plan.hosts[role].hostKey
}
