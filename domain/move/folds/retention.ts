import { said } from '../../words/said.ts'
import type { EventData } from '../event.ts'
import type { Migration } from '../migration.ts'
import { readReason } from '../recorded-reason.ts'
import { rearmStep, staysUntilSeen, switchBack } from '../way-back.ts'
import { type Folds, unblocked, withoutFailure } from './fold.ts'

const readWayBack = ({ state, reasons }: EventData['way-back-changed']) => ({
  state,
  reasons: reasons.map(readReason),
})

/** What a look found, beside what no look can take away. */
function readFound(
  { wayBack }: NonNullable<Migration['retention']>,
  data: EventData['way-back-changed'],
): ReturnType<typeof readWayBack> {
  const found = readWayBack(data)
  const kept = wayBack.reasons.filter((reason) => staysUntilSeen(reason) && found.state === 'degraded')
  return { ...found, reasons: [...kept, ...found.reasons] }
}

/** The way back, from the switch on: watched, gone, released, and what is left of the old side at the end. */
export const retentionFolds: Folds<
  | 'retention-started'
  | 'way-back-changed'
  | 'rearm-requested'
  | 'given-up'
  | 'way-back-rearmed'
  | 'retention-released'
  | 'rollback-requested'
  | 'rolled-back'
  | 'disarmed'
  | 'wiped'
> = {
  'retention-started': (_, { data, atMs }) => ({
    retention: {
      startedAtMs: atMs,
      untilMs: data.untilMs,
      wayBack: { ...readWayBack(data.wayBack ?? { state: 'armed', reasons: [] }), atMs },
    },
    armingSkipped: undefined,
    wayBackFound: undefined,
  }),
  'way-back-changed': (m, { data, atMs }) =>
    m.retention ? { retention: { ...m.retention, wayBack: { ...readFound(m.retention, data), atMs } } } : {},
  'rearm-requested': (m, { data, actor, atMs }) => ({
    rearm: { ...data, by: actor, atMs },
    // One that stopped goes on with what was told since.
    ...(m.step?.id === rearmStep ? { standing: unblocked(m), step: withoutFailure(m.step) } : {}),
  }),
  'given-up': () => ({}),
  // The guard tells when every dataset follows.
  'way-back-rearmed': (m, { atMs }) => ({
    rearm: undefined,
    ...(m.retention
      ? {
          retention: {
            ...m.retention,
            wayBack: { state: 'degraded' as const, reasons: [said('rearmed-not-seen')], atMs },
          },
        }
      : {}),
  }),
  'retention-released': (m, { data, actor, atMs }) =>
    m.retention ? { retention: { ...m.retention, release: { ...data, by: actor, atMs } } } : {},
  'rollback-requested': (m, { data, actor }) => ({
    rollbackRequested: { ...data, by: actor },
    ...(m.step?.id === switchBack ? { standing: unblocked(m), step: withoutFailure(m.step) } : {}),
  }),
  // A rollback takes recognition with it: the next cutover needs a fresh report and fresh signatures.
  'rolled-back': (m, { data, atMs }) => ({
    switches: [...m.switches, { kind: 'rollback', atMs, result: data.result }],
    rollbackRequested: undefined,
    // What people were still to do for the cutover that is undone, nobody needs any more.
    tasks: m.tasks.filter(
      (t) => (t.kind !== 'playbook-task' && t.kind !== 'attest-step') || t.state === 'closed',
    ),
    retention: undefined,
    schemaChange: undefined,
    rearm: undefined,
    armingSkipped: undefined,
    wayBackFound: undefined,
    cutover: undefined,
    report: undefined,
    amendment: undefined,
    trialRun: undefined,
    signoffs: [],
    recognised: false,
    ...(m.ledger === undefined ? {} : { standing: 'on-hold', standingReason: undefined }),
  }),
  disarmed: (m, { atMs }) =>
    m.retention ? { retention: { ...m.retention, wayBack: { state: 'disarmed', reasons: [], atMs } } } : {},
  wiped: (_, { data: { left, ...disposal } }) => ({ disposal, ...(left && { leftBehind: left }) }),
}
