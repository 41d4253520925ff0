import type { StepContext } from '../../../runner/steps/kind.ts'
import { implementation as mysql } from '../index.ts'
import type { MysqlSide } from '../side.ts'

/** Both sides of a dataset, by the playbook's names. */
export function sidesOf(
  { from, to }: { readonly from: string; readonly to: string },
  context: StepContext,
): { readonly from: MysqlSide; readonly to: MysqlSide } {
  return { from: context.dataset(from, mysql), to: context.dataset(to, mysql) }
}

/** The sides as titles of a plan name them. */
export interface SideNames {
  readonly from: string
  readonly to: string
}

export function namesOf(
  sides: { readonly from: string; readonly to: string },
  context: StepContext,
): SideNames {
  const { from, to } = sidesOf(sides, context)
  return { from: from.name, to: to.name }
}
