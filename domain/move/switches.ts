import type { Migration } from './migration.ts'

/** Whether the new side serves: the last switch was a cutover. */
export function isSwitched(m: Migration): boolean {
  return m.switches.at(-1)?.kind === 'cutover'
}
