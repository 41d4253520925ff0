import type { Phase } from '../../../domain/move/phase.ts'
import { said } from '../../../domain/words/said.ts'
import { reports } from '../activities.ts'
import type { Course, PlaybookOccasionInMove } from '../course.ts'
import { playbookFailure } from '../course.ts'
import { failing } from '../failing.ts'
import { deployOn } from './deploy.ts'

/** A rehearsal that missed a gate is rehearsed again whole, not resumed. Undone when the move is aborted in it. */
export const rehearsalRun = (attempt: number): PlaybookOccasionInMove => ({
  purpose: 'rehearse',
  occasion: `rehearse-${String(attempt)}`,
  hosts: { from: 'source', to: 'staging' },
  databases: { from: 'source', to: 'staging' },
})

/** The copy of the data on staging. Undone when the move ends. */
export const copyToStaging: PlaybookOccasionInMove = {
  purpose: 'copy',
  occasion: 'copy-to-staging',
  hosts: { from: 'source', to: 'staging' },
  databases: { from: 'source', to: 'staging' },
}

/** Deploys and copies to staging, verifies, loads old and new alike, and rehearses a cutover and its rollback. */
export async function rehearsal(course: Course): Promise<Phase> {
  await deployOn(course, 'staging')
  const copied = await course.playbookStep('copy-to-staging', copyToStaging)
  await course.step('rehearse', async (attempt) => {
    const outcome = await course.playbook(rehearsalRun(attempt), attempt)
    if (outcome.failure) throw playbookFailure(outcome.failure)
    const judged = await reports.judgeRehearsal({
      migration: course.m.migration,
      plan: course.m.plan,
      done: [...(copied?.done ?? []), ...outcome.done],
    })
    course.state.emit('rehearsed', { rehearsal: judged })
    const missed = judged.gates.filter((g) => !g.passed)
    if (missed.length > 0) {
      const gates = missed.map(({ found }) => found)
      throw failing(said('gate-missed', { problem: said('rehearsal-gates-missed', { gates }) }))
    }
  })
  return 'trial-run'
}
