import { zoneOf } from '../../../domain/plan/places.ts'
import { placesOf } from '../../../domain/assessment/finding.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import { inZone } from '../activities.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'
import { taskTitles } from '../../../domain/words/tasks.ts'

/** Looks at the source hosts and the database, judges what was found, and has the owner accept it. */
export async function assessment(course: Course): Promise<Phase> {
  const { plan, migration, hostKeys } = course.m
  const found = await course.step('discover', () =>
    inZone(zoneOf(plan, 'source')).discover({ migration, plan, hostKeys }),
  )
  if (found) course.state.emit('assessed', { assessment: found })
  await course.task({
    id: 'accept-findings',
    kind: 'accept-findings',
    title: taskTitles['accept-findings'],
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    details: found
      ? {
          readinessScore: found.readinessScore,
          disposition: found.disposition,
          critical: placesOf(found.findings, 'critical'),
          warnings: placesOf(found.findings, 'warning'),
        }
      : {},
  })
  return 'resourcing'
}
