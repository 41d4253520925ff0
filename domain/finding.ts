export type Severity = 'critical' | 'warning' | 'information'

/** One thing the assessment found. `code` is stable; `subject` is the object concerned (a file, a table, a host). */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly subject: string
  readonly message: { readonly zh: string; readonly en: string }
  /** Set when the plan carries a waiver for the subject. */
  readonly waiver?: string
}

/** How the system moves (domain reference §4.3). Only the last three really migrate. */
export type Disposition = 'relocate' | 'rehost' | 'replatform' | 'refactor'

export interface Assessment {
  readonly findings: readonly Finding[]
  /** 0–100; each unwaived critical finding costs 15, each warning 4, down to 0. */
  readonly readinessScore: number
  readonly disposition: Disposition
  /** SHA-256 of the stored facts, hex. */
  readonly factsDigest: string
}
