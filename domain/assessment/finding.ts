import type { LocalText } from '../identifier.ts'
import type { Language, Said } from '../words/message.ts'
import { type Code, type Word, say } from '../words/said.ts'
import type { CoveredWaiver } from './assessed-waivers.ts'

/** `critical`: the move cannot go on as it is. `warning`: something has to be done on the way. `information`: to know. */
export type Severity = 'critical' | 'warning' | 'information'

/**
 * One thing the assessment found. `code` is stable; `subject` is the object concerned (a file, a table, a host). It is said
 * from the catalogue by its code and values; `message` and `action` are the text for a catalogue that does not know it.
 */
export interface Finding {
  readonly code: string
  /** What its sentence was filled with; absent in findings stored before they had them. */
  readonly values?: Readonly<Record<string, unknown>>
  readonly severity: Severity
  /** The plan's name of the dataset it was found in; absent for hosts, and in findings stored before they named it. */
  readonly dataset?: string
  readonly subject: string
  readonly message: LocalText
  /** The catalogue's word for what to do about it; absent where that stands with the rule that found it. */
  readonly remedy?: Said
  /** What to do about it. */
  readonly action: LocalText
  /** The object's name, under which a plan may waive it; absent where only a correction helps. */
  readonly waiverName?: string
  /** The reason given, when a waiver of the plan covers it. */
  readonly waiver?: string
}

/** How the system moves (domain reference §4.3). Only the last three really migrate. */
export type Disposition = 'relocate' | 'rehost' | 'replatform' | 'refactor'

/** The findings of one code: at how many places, and how many of these a waiver covers. */
export interface FindingGroup {
  readonly code: string
  readonly severity: Severity
  readonly places: number
  readonly waived: number
}

/** What a move carries of its assessment. It stays small however large the system is. */
export interface Assessment {
  /** Every finding, by code, the gravest first. */
  readonly findings: readonly FindingGroup[]
  /** SHA-256 of the stored list of findings, one by one, hex. */
  readonly findingsDigest: string
  /** 0–100; each unwaived critical finding costs 15, each unwaived warning 4, down to 0. */
  readonly readinessScore: number
  readonly disposition: Disposition
  /** The rule that decided it. */
  readonly dispositionReason: LocalText
  /** SHA-256 of the stored facts, hex. */
  readonly factsDigest: string
  /** The plan's waivers that cover by a pattern; absent where none was recorded. */
  readonly waivers?: readonly CoveredWaiver[]
}

/** The codes under which something critical is covered by no waiver, with the number of its places. */
export function openCriticals(
  findings: readonly FindingGroup[],
): readonly Pick<FindingGroup, 'code' | 'places'>[] {
  return findings
    .filter(({ severity, places, waived }) => severity === 'critical' && waived < places)
    .map(({ code, places, waived }) => ({ code, places: places - waived }))
}

/** A finding whose sentences stand in the catalogue. */
export function findingOf({
  severity,
  subject,
  what,
  remedy,
}: Pick<Finding, 'severity' | 'subject'> & {
  readonly what: Word<Code>
  readonly remedy: Word<Code>
}): Finding {
  const text = (word: Word<Code>) => ({
    zh: say('zh', word).slice(0, 400),
    en: say('en', word).slice(0, 400),
  })
  return { ...what, severity, subject, message: text(what), remedy, action: text(remedy) }
}

/** What was found, in the reader's language. */
export function findingSaid(language: Language, { code, values, message }: Finding): string {
  return values === undefined ? message[language] : say(language, { code, values }, message[language])
}

/** What to do about it, in the reader's language. */
export function remedySaid(language: Language, { remedy, action }: Finding): string {
  return remedy === undefined ? action[language] : say(language, remedy, action[language])
}

/** The findings by code, in the order in which the codes first come. */
export function byCode(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, FindingGroup>()
  for (const { code, severity, waiver } of findings) {
    const { places, waived } = groups.get(code) ?? { places: 0, waived: 0 }
    groups.set(code, { code, severity, places: places + 1, waived: waived + (waiver === undefined ? 0 : 1) })
  }
  return [...groups.values()]
}

/** At how many places there is something of a severity. */
export function placesOf(findings: readonly FindingGroup[], severity: Severity): number {
  return findings.reduce((sum, group) => sum + (group.severity === severity ? group.places : 0), 0)
}
