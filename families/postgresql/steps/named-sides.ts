import type { StepContext, StepResult } from '../../../runner/steps/kind.ts'
import { implementation as postgresql } from '../index.ts'
import { sideName } from '../side-name.ts'

/** Sides as the titles of a plan name them: with the place that each of the playbook's names stands for. */
export function namedSides<N extends string>(
  sides: Readonly<Record<N, string>>,
  context: StepContext,
): Readonly<Record<N, string>> {
  const named = Object.entries<string>(sides).map(([name, bound]) => [
    name,
    sideName(context.dataset(bound, postgresql)),
  ])
  return Object.fromEntries(named) as Record<N, string>
}

/** The name of the dataset in a reference, or of the side where there is only one. */
export const datasetOf = (reference: string): string => reference.split('@')[0] ?? reference

/** The result of a step for each of its databases: that of the first, and all by name where there are several. */
export function resultOfAll(results: readonly (readonly [dataset: string, result: object])[]): StepResult {
  const [first, ...others] = results
  return { ...first?.[1], ...(others.length > 0 && { datasets: Object.fromEntries(results) }) }
}
