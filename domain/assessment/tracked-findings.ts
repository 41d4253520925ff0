import type { Tracked } from '../plan/tracked.ts'
import { inForeignWords, said } from '../words/said.ts'
import { type Finding, findingOf } from './finding.ts'

/** What those who accept the findings of a tracked move, and sign its report, accept: nothing was looked at, and what a rollback loses. */
export function trackedFindings({
  tool,
  reason,
  rollbackLoses,
}: Pick<Tracked, 'tool' | 'reason' | 'rollbackLoses'>): readonly Finding[] {
  return [
    findingOf({
      severity: 'warning',
      subject: tool,
      what: said('moved-otherwise', { tool, reason: inForeignWords(reason) }),
      remedy: said('remedy-moved-otherwise'),
    }),
    findingOf({
      severity: 'warning',
      subject: tool,
      what: said('rollback-attested', { loses: rollbackLoses }),
      remedy: said('remedy-rollback-attested'),
    }),
  ]
}
