import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { Evidence } from '../../domain/move/task.ts'
import type { WithStores } from '../context.ts'
import { routes } from '../contract.ts'
import { taskCommand } from '../use-cases/move-command.ts'
import { mayReadEvidence } from '../use-cases/visibility.ts'

export const completeTask = taskCommand(
  routes.completeTask,
  'complete-task',
  async ({ params, body, actor }, _at, context) => {
    await assertStored(context, actor, body.evidence)
    return { task: params.task, note: body.note, evidence: body.evidence }
  },
)

/** Evidence is named by digest: it must be here, of that size, and the caller's to see. */
async function assertStored(
  context: WithStores<'evidence'>,
  actor: Actor,
  evidence: readonly Evidence[],
): Promise<void> {
  const problems: InputProblem[] = []
  for (const [index, { digest, sizeBytes }] of evidence.entries()) {
    const found = await context.stores.evidence.sizeBytes(digest)
    if (found === undefined || !(await mayReadEvidence(context, actor, digest))) {
      problems.push(problemAt(`evidence.${index}.digest`, said('evidence-not-stored')))
    } else if (found !== sizeBytes) {
      const sizes = { given: sizeBytes, stored: found }
      problems.push(problemAt(`evidence.${index}.sizeBytes`, said('evidence-of-other-size', sizes)))
    }
  }
  if (problems.length > 0) throw new InvalidInputError('The evidence', problems)
}
