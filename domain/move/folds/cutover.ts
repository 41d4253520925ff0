import { finalSync } from '../cutover-window.ts'
import type { Migration } from '../migration.ts'
import { type Change, type Folds, unblocked, withoutFailure } from './fold.ts'

/** A final sync that failed holds its own window up, and no other. */
export const leaveFinalSync = (m: Migration): Change =>
  m.step?.id === finalSync && m.step.failure ? { step: undefined, standing: unblocked(m) } : {}

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

/** The window of a cutover, the decision in it, and the switch. */
export const cutoverFolds: Folds<
  | 'cutover-scheduled'
  | 'cutover-decided'
  | 'cutover-aborted'
  | 'cut-over'
  | 'settle-requested'
  | 'settled'
  | 'forward-changed'
> = {
  'cutover-scheduled': (m, { data }) => ({
    ...leaveFinalSync(m),
    cutover: { ...data, number: m.cutoversScheduled + 1 },
    cutoversScheduled: m.cutoversScheduled + 1,
  }),
  'cutover-decided': (m, { data }) =>
    m.cutover ? { cutover: { ...m.cutover, decision: data.decision } } : {},
  // What the ledger said during the switch holds the move once the old side is known to serve.
  'cutover-aborted': (m) => ({ ...leaveFinalSync(m), cutover: undefined, ...heldByLedger(m) }),
  // The step that was blocked carries it out.
  'settle-requested': (m, { data, actor }) => ({
    settle: { ...data, by: actor },
    standing: unblocked(m),
    step: m.step && withoutFailure(m.step),
  }),
  settled: () => ({ settle: undefined }),
  'forward-changed': (_, { data: { reasons }, atMs }) => ({
    forward: reasons.length === 0 ? undefined : { reasons, atMs },
  }),
  'cut-over': (m, { data, atMs }) => ({
    switches: [...m.switches, { kind: 'cutover', atMs, result: data.result }],
    forward: undefined,
    rollbackRequested: undefined,
  }),
}
