import { type Assessment, openCriticals, placesOf } from '../../../domain/assessment/finding.ts'
import type { OpenFinding } from '../../../domain/move/task.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import { taskTitles } from '../../../domain/words/tasks.ts'
import { type SideRole, zoneOf } from '../../../domain/plan/places.ts'
import { inZone, reports } from '../activities.ts'
import { attestTracked } from '../tracked.ts'
import type { Course } from '../course.ts'
import { organisationOf } from '../course.ts'

/** Looks at the source hosts and the datasets, judges what was found, and has the owner accept it. */
export async function assessment(course: Course): Promise<Phase> {
  const found = await discover(course, 'discover', 'source')
  await acceptance(course, 'accept-findings', found, openCriticals(found?.findings ?? []))
  return 'resourcing'
}

/**
 * Looks at the system as it was adapted: at the hosts it was deployed on, and again at its datasets. The owner is asked again only for
 * critical findings that nobody has given a reason for yet, or that are at more places by now.
 */
export async function assessAdapted(course: Course): Promise<void> {
  const found = await discover(course, 'discover-adapted', 'target')
  const accepted = new Map(
    course.m.tasks
      .flatMap(({ openFindings = [], reasons }) => (reasons === undefined ? [] : openFindings))
      .map(({ code, places }) => [code, places]),
  )
  const open = openCriticals(found?.findings ?? []).filter(
    ({ code, places }) => places > (accepted.get(code) ?? 0),
  )
  if (open.length > 0) await acceptance(course, 'accept-open-findings', found, open)
}

async function discover(course: Course, step: string, hosts: SideRole): Promise<Assessment | undefined> {
  const { plan, migration, hostKeys } = course.m
  if (plan.tracked !== undefined) return discoverTracked(course, step)
  const found = await course.step(step, () =>
    inZone(zoneOf(plan, hosts)).discover({ migration, plan, hostKeys, hosts }),
  )
  if (found) course.state.emit('assessed', { assessment: found })
  return found
}

/** Nothing is looked at: people tell what there is, and what the plan says of the move is what is signed for. */
async function discoverTracked(course: Course, step: string): Promise<Assessment | undefined> {
  const { plan, migration } = course.m
  const found = await course.step(step, async () => {
    await attestTracked(course, 'assess')
    return reports.assessTracked({ migration, plan })
  })
  if (found) course.state.emit('assessed', { assessment: found })
  return found
}

async function acceptance(
  course: Course,
  id: string,
  found: Assessment | undefined,
  open: readonly OpenFinding[],
): Promise<void> {
  await course.task({
    id,
    kind: 'accept-findings',
    title: taskTitles['accept-findings'],
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    ...(open.length > 0 && { openFindings: open }),
    details: found
      ? {
          readinessScore: found.readinessScore,
          disposition: found.disposition,
          critical: placesOf(found.findings, 'critical'),
          warnings: placesOf(found.findings, 'warning'),
        }
      : {},
  })
}
