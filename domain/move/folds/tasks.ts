import type { Migration } from '../migration.ts'
import type { Task } from '../task.ts'
import { stateAfterCompletion } from '../task.ts'
import type { Change, Folds } from './fold.ts'

const task = (m: Migration, id: string, change: (t: Task) => Task): Change => ({
  tasks: m.tasks.map((t) => (t.id === id ? change(t) : t)),
})

/** What people are asked to do, and have done. */
export const taskFolds: Folds<
  'task-opened' | 'task-taken' | 'task-completed' | 'task-signed' | 'task-rejected' | 'task-closed'
> = {
  'task-opened': (m, { data }) => ({ tasks: [...m.tasks.filter((t) => t.id !== data.task.id), data.task] }),
  'task-taken': (m, { data, actor }) => task(m, data.task, (t) => ({ ...t, state: 'taken', takenBy: actor })),
  'task-completed': (m, { data, actor }) =>
    task(m, data.task, (t) => ({
      ...t,
      state: stateAfterCompletion(t),
      completedBy: actor,
      note: data.note,
      evidence: data.evidence,
      ...(data.reasons && { reasons: data.reasons }),
      ...(data.figures && { figures: data.figures }),
    })),
  'task-signed': (m, { data, actor }) =>
    task(m, data.task, (t) => ({
      ...t,
      state: t.reviewer ? 'signed' : 'closed',
      signature: { keyId: data.keyId, by: actor, digest: data.digest },
    })),
  'task-rejected': (m, { data, actor, atMs }) =>
    task(m, data.task, ({ signature: _signature, ...t }) => ({
      ...t,
      state: 'open',
      rejections: [...t.rejections, { by: actor, reason: data.reason, atMs }],
    })),
  'task-closed': (m, { data }) => task(m, data.task, (t) => ({ ...t, state: 'closed' })),
}
