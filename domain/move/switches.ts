import type { Migration } from './migration.ts'

/** Whether the new side serves: the last switch was a cutover. */
export function isSwitched(m: Pick<Migration, 'switches'>): boolean {
  return m.switches.at(-1)?.kind === 'cutover'
}
