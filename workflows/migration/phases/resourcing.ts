import type { HostKeys } from '../../../domain/plan/host-key.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import { hostsOf } from '../../../domain/plan/places.ts'
import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import { inZone } from '../activities.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'
import { taskTitles } from '../../../domain/words/tasks.ts'

const approveResources = 'approve-resources'

/** Records the hosts the provider has allocated, pins their host keys after its approval, and checks them. */
export async function resourcing(course: Course): Promise<Phase> {
  const { plan } = course.m
  if (plan.tracked !== undefined) {
    const { old, new: newSide } = plan.tracked
    await approval(course, { old, new: newSide }, true)
    return 'adaptation'
  }
  const zones = hostsByZone(plan)
  // What is approved, or waits for it, are the keys that were recorded first.
  const isRecorded = course.m.tasks.some(({ id }) => id === approveResources)
  if (!isRecorded) await recordHosts(course, zones)
  await approval(course, { hosts: course.m.recordedHosts }, false)
  const pinned = Object.entries(course.m.recordedHosts).map(([host, { fingerprint }]) => [host, fingerprint])
  course.state.emit('host-keys-pinned', { hostKeys: Object.fromEntries(pinned) as HostKeys })
  await course.step('preflight', async () => {
    const { hostKeys } = course.m
    await Promise.all(zones.map(([zone, hosts]) => inZone(zone).preflight({ plan, hostKeys, hosts })))
  })
  return 'adaptation'
}

async function approval(course: Course, details: object, wantsEvidence: boolean): Promise<void> {
  await course.task({
    id: approveResources,
    kind: 'approve-resources',
    title: taskTitles['approve-resources'],
    assignee: { role: 'provider', organisation: organisationOf(course.m, 'provider') },
    wantsEvidence,
    wantsSignature: false,
    details,
  })
}

async function recordHosts(course: Course, zones: ReturnType<typeof hostsByZone>): Promise<void> {
  const { plan } = course.m
  const recordedHosts = await course.step('record-hosts', async () => {
    const recorded = zones.map(([zone, hosts]) => inZone(zone).recordHosts({ plan, hosts }))
    return Object.assign({}, ...(await Promise.all(recorded))) as Awaited<(typeof recorded)[number]>
  })
  if (recordedHosts) course.state.emit('hosts-recorded', { hosts: recordedHosts })
}

/** Hosts are reached from their own zone only. */
function hostsByZone(plan: MigrationPlan): readonly (readonly [zone: string, hosts: readonly string[]])[] {
  const hosts = hostsOf(plan)
  const zones = new Set(hosts.map(({ zone }) => zone))
  return [...zones].map((zone) => [zone, hosts.filter((host) => host.zone === zone).map(({ name }) => name)])
}
