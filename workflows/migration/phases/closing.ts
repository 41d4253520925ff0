import { resultsOfKind } from '../../../domain/playbook-outcome.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'

/** Disarms the old side, wipes its data with proof, and has the rest recorded. */
export async function closing(course: Course): Promise<'closed'> {
  const outcome = await course.playbookStep('wipe', {
    purpose: 'close',
    occasion: 'close',
    hosts: { from: 'source', to: 'target' },
    databases: { from: 'source', to: 'target' },
  })
  course.state.emit('disarmed', {})
  const proof = outcome ? resultsOfKind(outcome, 'wipe').at(-1) : undefined
  course.state.emit('wiped', {
    proofDigest: typeof proof?.['proofDigest'] === 'string' ? proof['proofDigest'] : '',
    removedBytes: typeof proof?.['removedBytes'] === 'number' ? proof['removedBytes'] : 0,
  })
  course.openTask({
    id: 'record-hardware',
    kind: 'record-hardware',
    title: { zh: '登记硬件利旧去向', en: 'Record where the released hardware goes' },
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    details: { host: course.m.plan.hosts.source.name },
  })
  course.openTask({
    id: 'revise-rules',
    kind: 'revise-rules',
    title: { zh: '修订内部管理制度', en: 'Revise the internal rules for the new deployment' },
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    details: {},
  })
  await course.until(() => course.m.tasks.every((t) => t.state === 'closed'))
  return 'closed'
}
