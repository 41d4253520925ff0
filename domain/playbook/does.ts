import type { StepOutcome } from './outcome.ts'

/**
 * What a step does to the data of a system, as far as a move asks: `switch` makes another side serve, `rehearse` tries
 * that on staging, `wipe` removes a side with proof. A step that does none of these does nothing a move asks for.
 */
export const stepDoes = ['copy', 'verify', 'rehearse', 'switch', 'load-test', 'wipe'] as const
export type StepDoes = (typeof stepDoes)[number]

/** What kinds do, for outcomes recorded (in histories and in storage) without saying it. */
const doneByKind: Readonly<Record<string, StepDoes>> = {
  'load-test': 'load-test',
  'postgres-copy': 'copy',
  'postgres-rehearse': 'rehearse',
  'postgres-reopen': 'switch',
  'postgres-switchover': 'switch',
  'postgres-verify': 'verify',
  wipe: 'wipe',
}

/** What the step of an outcome did; undefined where it is nothing a move asks for. */
export function doneIn({ does, kind }: Pick<StepOutcome, 'does' | 'kind'>): StepDoes | undefined {
  return does ?? (Object.hasOwn(doneByKind, kind) ? doneByKind[kind] : undefined)
}
