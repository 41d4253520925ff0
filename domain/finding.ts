import type { LocalText } from './identifier.ts'

/** `critical`: the move cannot go on as it is. `warning`: something has to be done on the way. `information`: to know. */
export type Severity = 'critical' | 'warning' | 'information'

/** One thing the assessment found. `code` is stable; `subject` is the object concerned (a file, a table, a host). */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly subject: string
  readonly message: LocalText
  /** What to do about it. */
  readonly action: LocalText
  /** The name under which a plan may waive it; absent when nothing but mending helps. */
  readonly waiverName?: string
  /** The reason given, when the plan carries a waiver under that name. */
  readonly waiver?: string
}

/** How the system moves (domain reference §4.3). Only the last three really migrate. */
export type Disposition = 'relocate' | 'rehost' | 'replatform' | 'refactor'

export interface Assessment {
  readonly findings: readonly Finding[]
  /** 0–100; each unwaived critical finding costs 15, each unwaived warning 4, down to 0. */
  readonly readinessScore: number
  readonly disposition: Disposition
  /** The rule that decided it. */
  readonly dispositionReason: LocalText
  /** SHA-256 of the stored facts, hex. */
  readonly factsDigest: string
}
