import type { Phase } from '../../../domain/move/phase.ts'
import type { Course } from '../course.ts'
import { issueReport } from './trial-run.ts'

/** Waits for every party's signature under the same digest. An amendment issues a new version to be signed afresh. */
export async function recognition(course: Course): Promise<Phase> {
  for (;;) {
    if (course.m.amendment !== undefined) await issueReport(course, course.m.amendment)
    await course.until(() => course.m.recognised || course.m.amendment !== undefined)
    if (course.m.recognised) return 'cutover'
  }
}
