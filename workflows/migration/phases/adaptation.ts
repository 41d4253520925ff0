import { patched } from '@temporalio/workflow'
import type { Phase } from '../../../domain/move/phase.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'
import { assessAdapted } from './assessment.ts'
import { deployOn } from './deploy.ts'
import { taskTitles } from '../../../domain/words/tasks.ts'

/**
 * The vendor adapts code, configuration and database and signs for it; then the system is deployed on its new host, and assessed as it
 * is now.
 */
export async function adaptation(course: Course): Promise<Phase> {
  const wanted = course.m.assessment?.findings.filter((f) => f.severity !== 'information') ?? []
  await course.task({
    id: 'adapt-code',
    kind: 'adapt-code',
    title: taskTitles['adapt-code'],
    assignee: { role: 'vendor', organisation: organisationOf(course.m, 'vendor') },
    reviewer: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: true,
    wantsSignature: true,
    details: { findings: wanted.map(({ code, places }) => ({ code, places })) },
  })
  await deployOn(course, 'target')
  // What nobody but people looks at is told once.
  if (course.m.plan.tracked !== undefined) return 'rehearsal'
  if (patched('adapted-is-assessed')) await assessAdapted(course)
  return 'rehearsal'
}
