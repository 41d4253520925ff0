import { isHeldBy } from '../ledger-contradiction.ts'
import { heldByLedger } from './cutover.ts'
import type { Folds } from './fold.ts'

/** What the ledger has against the move. A correction removes it; the hold ends when a person resumes the move. */
export const ledgerFolds: Folds<'ledger-changed'> = {
  'ledger-changed': (m, { data, atMs }) => {
    if (data.contradictions.length === 0) return { ledger: undefined }
    const ledger = { contradictions: data.contradictions, atMs }
    return isHeldBy(m) ? { ...heldByLedger({ ...m, ledger }), ledger } : { ledger }
  },
}
