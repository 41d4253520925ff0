import { isSwitched } from '../switches.ts'
import { endPhase, type Folds } from './fold.ts'

/** How the move goes on from phase to phase, is stopped and ends. */
export const standingFolds: Folds<
  'phase-entered' | 'paused' | 'held' | 'resumed' | 'abort-requested' | 'aborted' | 'closed' | 'ended-outside'
> = {
  'phase-entered': (m, { data, atMs }) => ({
    phase: data.phase,
    round: data.round,
    phaseLog: [...endPhase(m, atMs), { phase: data.phase, round: data.round, startedAtMs: atMs }],
    step: undefined,
    skippedSteps: [],
    forward: undefined,
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
}
