import type { Migration } from '../migration.ts'
import { isOver, type Standing } from '../phase.ts'
import { isSwitched } from '../switches.ts'
import { endPhase, type Folds, withoutFailure } from './fold.ts'

/** What people have stopped stays stopped, also in the hands of another workflow. */
function standingRecovered(m: Migration): Standing {
  if (!isOver(m)) return m.standing === 'blocked' ? 'moving' : m.standing
  return m.ledger !== undefined && !isSwitched(m) ? 'on-hold' : 'moving'
}

/** A move that is over has ended its last phase, which goes on. */
const phaseLogRecovered = ({ phaseLog }: Migration): Migration['phaseLog'] =>
  phaseLog.map(({ endedAtMs, ...phase }, index) =>
    endedAtMs === undefined || index === phaseLog.length - 1 ? phase : { ...phase, endedAtMs },
  )

/** How the move goes on from phase to phase, is stopped and ends. */
export const standingFolds: Folds<
  | 'phase-entered'
  | 'paused'
  | 'held'
  | 'resumed'
  | 'abort-requested'
  | 'aborted'
  | 'closed'
  | 'ended-outside'
  | 'recovered'
> = {
  'phase-entered': (m, { data, atMs }) => ({
    phase: data.phase,
    round: data.round,
    phaseLog: [...endPhase(m, atMs), { phase: data.phase, round: data.round, startedAtMs: atMs }],
    step: undefined,
    skippedSteps: [],
    forward: undefined,
    recovered: undefined,
    // A rollback that was finished without the new side had been noted before.
    ...(isSwitched(m) ? {} : { rollbackRequested: undefined }),
  }),
  paused: (_, { data }) => ({ standing: 'paused', standingReason: data.reason }),
  held: (_, { data }) => ({ standing: 'on-hold', standingReason: data.reason }),
  resumed: (m) => ({ standing: m.step?.failure ? 'blocked' : 'moving', standingReason: undefined }),
  'abort-requested': (_, { data }) => ({ abortRequested: data.reason }),
  aborted: (m, { data, atMs }) => ({
    standing: 'aborted',
    standingReason: data.reason,
    leftBehind: data.left,
    step: undefined,
    phaseLog: endPhase(m, atMs),
  }),
  closed: (m, { atMs }) => ({ standing: 'closed', step: undefined, phaseLog: endPhase(m, atMs) }),
  // The step stays: it says where the move was when it ended.
  'ended-outside': (m, { data, actor, atMs }) => ({
    standing: 'ended-outside',
    phaseLog: endPhase(m, atMs),
    endedOutside: {
      end: data.end,
      acknowledged: { by: actor, atMs, reason: data.reason, serves: data.serves, servesBy: data.servesBy },
    },
  }),
  recovered: (m, { data, actor, atMs, sequence }) => ({
    standing: standingRecovered(m),
    endedOutside: undefined,
    recovered: { by: actor, atMs, reason: data.reason, sequence },
    phaseLog: phaseLogRecovered(m),
    // The phase begins its steps anew, but for an abort, which has to know what it undoes.
    step: m.abortRequested === undefined ? undefined : m.step && withoutFailure(m.step),
    settle: undefined,
    // What was under way may have reached one side.
    ...(m.schemaChange?.state === 'running'
      ? { schemaChange: { ...m.schemaChange, isHalfMade: true as const } }
      : {}),
  }),
}
