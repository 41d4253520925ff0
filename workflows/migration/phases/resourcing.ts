import type { HostRole } from '../../../domain/host.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import { inZone } from '../activities.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'

/** Records the hosts the provider has allocated, pins their host keys after its approval, and checks them. */
export async function resourcing(course: Course): Promise<Phase> {
  const { plan } = course.m
  const zones = rolesByZone(plan)
  const hosts = await course.step('record-hosts', async () => {
    const recorded = zones.map(([zone, roles]) => inZone(zone).recordHosts({ plan, roles }))
    return Object.assign({}, ...(await Promise.all(recorded))) as Awaited<(typeof recorded)[number]>
  })
  if (hosts) course.state.emit('hosts-recorded', { hosts })
  await course.task({
    id: 'approve-resources',
    kind: 'approve-resources',
    title: { zh: '批准云资源并核对主机密钥', en: 'Approve the allocated hosts and their SSH host keys' },
    assignee: { role: 'provider', organisation: organisationOf(course.m, 'provider') },
    wantsEvidence: false,
    wantsSignature: false,
    details: { hosts: course.m.recordedHosts },
  })
  const pinned: Partial<Record<HostRole, string>> = {}
  for (const [role, { fingerprint }] of Object.entries(course.m.recordedHosts))
    pinned[role as HostRole] = fingerprint
  course.state.emit('host-keys-pinned', { hostKeys: pinned })
  await course.step('preflight', async () => {
    const { hostKeys } = course.m
    await Promise.all(zones.map(([zone, roles]) => inZone(zone).preflight({ plan, hostKeys, roles })))
  })
  return 'adaptation'
}

/** Hosts are reached from their own zone only. */
function rolesByZone({
  hosts,
}: MigrationPlan): readonly (readonly [zone: string, roles: readonly HostRole[]])[] {
  const roles = Object.keys(hosts) as HostRole[]
  const zones = new Set(roles.map((role) => hosts[role].zone))
  return [...zones].map((zone) => [zone, roles.filter((role) => hosts[role].zone === zone)])
}
