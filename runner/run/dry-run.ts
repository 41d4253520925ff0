import type { PlannedStep } from '../../domain/playbook/planned-step.ts'
import { ExpressionError } from '../language/errors.ts'
import { type Variables, evaluateCondition } from '../language/expression.ts'
import { hostOf } from '../language/step-params.ts'
import { CommandFailedError } from '../ssh/errors.ts'
import type { Command } from '../steps/kind.ts'
import { durationMs } from '../../domain/playbook/playbook.ts'
import { type RunStep, variablesOf } from './each-step.ts'
import type { PlaybookRun } from './playbook-run.ts'
import { bindStep } from './step-run.ts'
import { withinTime } from './within-time.ts'

/** Gathers facts on the real hosts and lists the commands that would run. Changes nothing and writes no journal. */
export async function planRun(run: PlaybookRun, signal: AbortSignal): Promise<readonly PlannedStep[]> {
  const variables = await run.variables()
  const planned: PlannedStep[] = []
  for (const step of run.playbook.steps)
    planned.push(run.redactor.json(await planStep(run, step, variablesOf(step, variables), signal)))
  return planned
}

async function planStep(
  run: PlaybookRun,
  step: RunStep,
  variables: Variables,
  signal: AbortSignal,
): Promise<PlannedStep> {
  const host = hostOf(step)
  const base = { step: step.id, kind: step.kind, ...(host === undefined ? {} : { host }), commands: [] }
  const skip = run.request.skip.find((one) => one.step === step.id)
  if (skip !== undefined) return { ...base, outcome: 'skipped', reason: skip.reason }
  try {
    if (step.when !== undefined && !evaluateCondition(step.when, variables)) {
      return { ...base, outcome: 'skipped', reason: `its condition does not hold: ${step.when}` }
    }
    const bound = bindStep(run, step, variables)
    const commands = await withinTime(step.id, durationMs(step.timeout), signal, async (inTime) => {
      const context = run.context(step.id, variables, { signal: inTime, marks: [], say: () => undefined })
      return bound.plan(await bound.gather(context))
    })
    const outcome = commands.every(changesNothing) ? 'already-so' : 'would-change'
    return { ...base, outcome, commands: commands.map(shown) }
  } catch (error) {
    // What an earlier step of the same playbook would create does not exist yet, so facts about it cannot be gathered.
    if (!(error instanceof ExpressionError) && !(error instanceof CommandFailedError)) throw error
    return { ...base, outcome: 'unknown-until-run', reason: error.message }
  }
}

function changesNothing(command: Command): boolean {
  return (command.do === 'shell' || command.do === 'procedure') && command.changesNothing === true
}

function shown(command: Command): PlannedStep['commands'][number] {
  const { title } = command
  switch (command.do) {
    case 'shell':
      return { title, text: command.script, on: command.host }
    case 'write-file': {
      const mode = command.mode === undefined ? '' : ` (${command.mode})`
      const text = `${command.path}${mode}\n${command.shownAs ?? command.content.toString()}`
      return { title, text, on: command.host }
    }
    case 'procedure':
      return { title, text: '', on: '' }
  }
}
