import type { MigrationView } from '../../api/contract.ts'
import { say, said } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'

type ContradictedMove = Pick<MigrationView, 'ledger' | 'wayBack' | 'phase' | 'standing'>

/** What the ledger has against a move, and what is left to do: held while the old side serves, after that listed with its way back. */
export function ledgerLines({ language, paint }: Session, move: ContradictedMove): string[] {
  if (move.ledger === undefined) return []
  const cells = move.ledger.contradictions.map(({ cell, planned, found }) =>
    say(language, said(`ledger-${cell}`, { planned, found })),
  )
  return [...cells, say(language, said(whatIsLeft(move)))].map((line) => paint.bad(line))
}

function whatIsLeft({ phase, wayBack }: ContradictedMove) {
  if (phase === 'closing') return 'ledger-in-closing'
  return wayBack === 'not-needed' ? 'ledger-holds' : 'ledger-after-cutover'
}
