import { type Findings, findingSaid, remedySaid } from '../../api/contract.ts'
import { severities } from '../../domain/words/names.ts'
import { taskMessages as m } from '../messages/task.ts'
import type { Session } from '../identity/session.ts'

/** Every finding of the assessment: how bad, what, where, what to do, and the waiver where one covers it. */
export function findingLines(session: Session, findings: Findings): string[] {
  const { say, paint, language } = session
  const colours = { critical: paint.bad, warning: paint.warn, information: paint.quiet } as const
  return findings.flatMap((finding) => [
    '',
    `${colours[finding.severity](say(severities[finding.severity]))}  ${paint.strong(finding.subject)}  ${finding.code}`,
    `  ${findingSaid(language, finding)}`,
    finding.waiver === undefined
      ? `  → ${remedySaid(language, finding)}`
      : `  ${say(m.waived, { reason: finding.waiver })}`,
  ])
}
