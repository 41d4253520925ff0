import type { AnyStepImplementation, StepContext, StepResult } from '../../runner/steps/kind.ts'

/** Carries a step out as a run does: parsed, looked at, planned, done. */
export async function runStep(
  kind: AnyStepImplementation,
  params: unknown,
  around: StepContext,
): Promise<StepResult> {
  const bound = kind.bind(params)
  const facts = await bound.gather(around)
  const commands = bound.plan(facts)
  if (commands.length === 0) return { changed: false }
  return (await bound.carryOut(facts, commands, around)) ?? {}
}
