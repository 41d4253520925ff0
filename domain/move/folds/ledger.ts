import { isHeldBy } from '../ledger-contradiction.ts'
import type { Migration } from '../migration.ts'
import { leaveFinalSync } from './cutover.ts'
import type { Change, Folds } from './fold.ts'

/** A move whose ground the ledger took away: it stands, nothing that was signed holds, and no window is kept. */
export const heldByLedger = (m: Migration): Change =>
  m.ledger === undefined
    ? {}
    : {
        ...leaveFinalSync(m),
        standing: 'on-hold',
        standingReason: m.standing === 'on-hold' ? m.standingReason : undefined,
        cutover: undefined,
        signoffs: [],
        recognised: false,
      }

/** What the ledger has against the move. A correction takes it away; the hold ends by a person's word. */
export const ledgerFolds: Folds<'ledger-changed'> = {
  'ledger-changed': (m, { data, atMs }) => {
    if (data.contradictions.length === 0) return { ledger: undefined }
    const ledger = { contradictions: data.contradictions, atMs }
    return isHeldBy(m) ? { ...heldByLedger({ ...m, ledger }), ledger } : { ledger }
  },
}
