import type { PlaybookOutcome } from '../playbook/outcome.ts'

/** What came of a run outside a move. */
export type RunEnd = Pick<PlaybookOutcome, 'done' | 'failure'>

/** The playbook runs outside a move. */
export interface PlaybookRunsPort {
  /** Records what came of a run, once. */
  end(runId: string, outcome: RunEnd, atMs: number): Promise<void>
}
