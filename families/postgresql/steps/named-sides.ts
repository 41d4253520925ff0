import type { StepContext } from '../../../runner/steps/kind.ts'
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
