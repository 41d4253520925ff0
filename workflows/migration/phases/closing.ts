import type { ApplicationFailure } from '@temporalio/workflow'
import { hostLabel, hostsOf } from '../../../domain/plan/places.ts'
import { doneIn } from '../../../domain/playbook/does.ts'
import { said } from '../../../domain/words/said.ts'
import { reports } from '../activities.ts'
import type { Course, PlaybookOccasionInMove } from '../course.ts'
import { organisationOf, playbookFailure } from '../course.ts'
import { failing } from '../failing.ts'
import { clearStaging } from '../staging.ts'
import { taskTitles } from '../../../domain/words/tasks.ts'

const close: PlaybookOccasionInMove = {
  purpose: 'close',
  occasion: 'close',
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
}

/** The failure of a playbook that was to remove the old data and has no step that does, or left every one out. */
const noWipe = (): ApplicationFailure => failing(said('no-wipe-step'))

/** Disarms the old side, wipes its data with proof, takes the copy off staging, and has the rest recorded. */
export async function closing(course: Course): Promise<'closed'> {
  if (course.m.disposal === undefined) await wipeOldSide(course)
  course.openTask({
    id: 'record-hardware',
    kind: 'record-hardware',
    title: taskTitles['record-hardware'],
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    details: {
      host: course.m.plan.tracked?.old ?? hostsOf(course.m.plan, 'source').map(hostLabel).join(', '),
    },
  })
  course.openTask({
    id: 'revise-rules',
    kind: 'revise-rules',
    title: taskTitles['revise-rules'],
    assignee: { role: 'owner', organisation: organisationOf(course.m, 'owner') },
    wantsEvidence: false,
    wantsSignature: false,
    details: {},
  })
  await course.until(() => course.m.tasks.every((t) => t.state === 'closed'))
  return 'closed'
}

/** Nobody is asked to wipe what its owner has not released by a signature that holds. */
async function assertReleased(course: Course): Promise<void> {
  await course.recorded()
  const finding = await reports.verifyRelease({ migration: course.m.migration })
  if (finding !== null) throw failing(finding)
}

async function wipeOldSide(course: Course): Promise<void> {
  const disposal = await course.step('wipe', async (attempt) => {
    if (course.m.plan.tracked !== undefined) await assertReleased(course)
    const { done, failure } = await course.playbook(close, attempt)
    if (failure) throw playbookFailure(failure)
    const wipes = done.filter((one) => doneIn(one) === 'wipe')
    if (wipes.length === 0) throw noWipe()
    return reports.keepProofs({ migration: course.m.migration, wipes })
  })
  if (disposal) {
    course.state.emit('disarmed', {})
    const left = await clearStaging(course)
    course.state.emit('wiped', { ...disposal, ...(left.length > 0 && { left }) })
  }
}
