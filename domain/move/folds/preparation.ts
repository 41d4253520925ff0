import type { Folds } from './fold.ts'

/** What assessment, resourcing, rehearsal and trial run learn of the system. */
export const preparationFolds: Folds<
  | 'assessed'
  | 'hosts-recorded'
  | 'host-keys-pinned'
  | 'rehearsed'
  | 'trial-run-started'
  | 'trial-run-finished'
> = {
  assessed: (_, { data }) => ({ assessment: data.assessment }),
  'hosts-recorded': (_, { data }) => ({ recordedHosts: data.hosts }),
  'host-keys-pinned': (m, { data }) => ({ hostKeys: { ...m.hostKeys, ...data.hostKeys } }),
  rehearsed: (_, { data }) => ({ rehearsal: data.rehearsal }),
  'trial-run-started': (_, { data }) => ({ trialRun: { untilMs: data.untilMs } }),
  'trial-run-finished': (m, { data }) => ({
    trialRun: { untilMs: m.trialRun?.untilMs ?? data.summary.endedAtMs, summary: data.summary },
  }),
}
