import type { MigrationPlan } from './plan.ts'

/** Keys by the host's name in the plan. */
export type HostKeys = Readonly<Record<string, string>>

interface Pins {
  readonly plan: Pick<MigrationPlan, 'hosts'>
  readonly hostKeys: HostKeys
}

/** The key a host is known by: the one approved during the move, before that the one its plan came with. */
export function pinnedKey({ plan, hostKeys }: Pins, host: string): string | undefined {
  return hostKeys[host] ?? plan.hosts[host]?.hostKey
}
