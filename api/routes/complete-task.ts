import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Evidence } from '../../domain/move/task.ts'
import type { WithStores } from '../context.ts'
import { routes } from '../contract.ts'
import { taskCommand } from '../use-cases/move-command.ts'

export const completeTask = taskCommand(
  routes.completeTask,
  'complete-task',
  async ({ params, body, actor }, { move }, context) => {
    await assertBrought(
      context,
      { organisation: actor.organisation, migration: move.migration },
      body.evidence,
    )
    const { note, evidence, reasons, figures } = body
    return {
      task: params.task,
      note,
      evidence,
      ...(reasons && { reasons }),
      ...(figures && { figures }),
    }
  },
)

/** Evidence is a file, a size and a name: all three as somebody of the move brought it. */
async function assertBrought(
  context: WithStores<'evidence'>,
  by: { readonly organisation: string; readonly migration: string },
  evidence: readonly Evidence[],
): Promise<void> {
  const problems: InputProblem[] = []
  for (const [index, { digest, sizeBytes, name }] of evidence.entries()) {
    const found = await context.stores.evidence.attachable(digest, by)
    if (found === undefined) {
      problems.push(problemAt(`evidence.${index}.digest`, said('evidence-not-stored')))
      continue
    }
    if (found.sizeBytes !== sizeBytes) {
      const sizes = { given: sizeBytes, stored: found.sizeBytes }
      problems.push(problemAt(`evidence.${index}.sizeBytes`, said('evidence-of-other-size', sizes)))
    }
    if (!found.names.includes(name)) {
      const names = { given: name, stored: found.names }
      problems.push(problemAt(`evidence.${index}.name`, said('evidence-of-other-name', names)))
    }
  }
  if (problems.length > 0) throw new InvalidInputError('The evidence', problems)
}
