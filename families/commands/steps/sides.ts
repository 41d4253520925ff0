import type { StepContext } from '../../../runner/steps/kind.ts'
import { implementation as commands } from '../index.ts'
import type { CommandsSide } from '../side.ts'

/** Both sides of a dataset, by the playbook's names. */
export function sidesOf(
  { from, to }: { readonly from: string; readonly to: string },
  context: StepContext,
): { readonly from: CommandsSide; readonly to: CommandsSide } {
  return { from: context.dataset(from, commands), to: context.dataset(to, commands) }
}
