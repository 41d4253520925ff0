/** The phases of one system's move, in order (design §2). */
export const phases = [
  'assessment',
  'resourcing',
  'adaptation',
  'rehearsal',
  'trial-run',
  'recognition',
  'cutover',
  'retention',
  'closing',
] as const
export type Phase = (typeof phases)[number]

/** Where a move stands as a whole. `moving` and `closed` are the straight way; the others are side states. */
export const standings = [
  'moving',
  'paused',
  'on-hold',
  'blocked',
  'closed',
  'aborted',
  'ended-outside',
] as const
export type Standing = (typeof standings)[number]

/** The standings in which nothing more happens. */
export const overStandings: readonly Standing[] = ['closed', 'aborted', 'ended-outside']

export function isOver({ standing }: { readonly standing: Standing }): boolean {
  return overStandings.includes(standing)
}

/**
 * Where a move may go from each phase: the next one first; back to recognition when the report was amended before the
 * switch; and after a rollback to the phase that makes a fresh report possible.
 */
const onward: Readonly<Record<Phase, readonly (Phase | 'closed')[]>> = {
  assessment: ['resourcing'],
  resourcing: ['adaptation'],
  adaptation: ['rehearsal'],
  rehearsal: ['trial-run'],
  'trial-run': ['recognition'],
  recognition: ['cutover'],
  cutover: ['retention', 'recognition', 'rehearsal', 'trial-run'],
  retention: ['closing', 'rehearsal', 'trial-run'],
  closing: ['closed'],
}

/** Whether a move may go from one phase straight to another. */
export function mayGo(from: Phase, to: Phase | 'closed'): boolean {
  return onward[from].includes(to)
}
