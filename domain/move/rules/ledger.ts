import type { Command, CommandName, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import { areSame } from '../ledger-contradiction.ts'
import { said } from '../../words/said.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'

/** What takes a move further, or ends its way back. All else, and a rollback above all, stays open. */
const further: ReadonlySet<CommandName> = new Set([
  'resume',
  'sign-report',
  'schedule-cutover',
  'decide-cutover',
  'release-retention',
])

/** Why a command is refused while the ledger says otherwise than what the move rests on. */
export function contradictedRefusal(m: Migration, command: Command): Refusal | undefined {
  if (m.ledger === undefined || !further.has(command.name)) return undefined
  if (command.name === 'decide-cutover' && command.decision !== 'go') return undefined
  // A move that people stopped after its cutover goes on by their word: its way back needs the steps that are left.
  if (command.name === 'resume' && isSwitched(m)) return undefined
  const what = m.ledger.contradictions.map(({ cell, planned, found }) =>
    said(`ledger-${cell}`, { planned, found }),
  )
  return refuse('ledger-contradicts', { what })
}

/** Why what the ledger says is not taken: the move knows. */
export function ledgerRefusal(
  { ledger }: Migration,
  { contradictions }: Extract<Command, { name: 'ledger-changed' }>,
): Refusal | undefined {
  return areSame(contradictions, ledger?.contradictions ?? []) ? refuse('ledger-known') : undefined
}
