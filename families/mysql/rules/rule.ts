import type { Finding, Severity } from '../../../domain/assessment/finding.ts'
import type { LocalText } from '../../../domain/identifier.ts'
import { type Waivers, waiverFor } from '../../../domain/plan/waiving.ts'
import type { MysqlFacts } from '../facts/facts.ts'
import { name } from '../server/quote.ts'

/** What a rule looks at: the side that is left, and the one that takes over as far as it is there. */
export interface Looked {
  readonly from: MysqlFacts
  readonly to: MysqlFacts | undefined
}

/** One occurrence: the object it was found at, and what its sentence is filled with. */
export interface Found {
  readonly object: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** One hazard. Its sentences name `{object}`, `{quoted}` (the same as SQL takes it) and the values of what was found. */
export interface Rule {
  readonly id: string
  readonly severity: Severity
  readonly sentence: LocalText
  readonly remedy: LocalText
  /** Whether a plan may let it pass, under the name of the object. */
  readonly mayBeWaived?: true
  find(looked: Looked): readonly Found[]
}

/** A rule that is asked of each server by itself. */
export function ofEachServer(
  rule: Omit<Rule, 'find'> & { readonly find: (facts: MysqlFacts) => readonly Found[] },
): Rule {
  return {
    ...rule,
    find: ({ from, to }) => [...rule.find(from), ...(to === undefined ? [] : rule.find(to))],
  }
}

/** One occurrence at the server, where something is so. */
export function atServer(
  { place }: MysqlFacts,
  isSo: boolean,
  values: Found['values'] = {},
): readonly Found[] {
  return isSo ? [{ object: place, values }] : []
}

/** What rules find, with the reason of the waiver that covers it. */
export function judge(rules: readonly Rule[], looked: Looked, waivers: Waivers): readonly Finding[] {
  const waiverOf = waiverFor(waivers)
  return rules.flatMap((rule) =>
    rule.find(looked).map(({ object, values = {} }): Finding => {
      // Who makes a table gives it its name: a command that people are to run has it quoted.
      const places = { ...values, object, quoted: name(object) }
      const filled = ({ zh, en }: LocalText): LocalText => ({
        zh: fill(zh, places),
        en: fill(en, places),
      })
      const waiver = rule.mayBeWaived === true ? waiverOf(rule.id, object) : undefined
      return {
        code: rule.id,
        values: { ...values, object },
        severity: rule.severity,
        subject: object,
        message: filled(rule.sentence),
        action: filled(rule.remedy),
        ...(rule.mayBeWaived === true && { waiverName: object }),
        ...(waiver !== undefined && { waiver: waiver.reason }),
      }
    }),
  )
}

function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, value: string) => String(values[value] ?? place))
}

/** Findings that stand against a move. */
export function obstaclesIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity, waiver }) => severity === 'critical' && waiver === undefined)
}
