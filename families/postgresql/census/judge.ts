import type { Finding } from '../../../domain/assessment/finding.ts'
import type { LocalText } from '../../../domain/identifier.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'
import type { Question } from '../facts/gather.ts'
import type { Topic } from '../facts/topics.ts'
import { rules } from '../rules/index.ts'
import { sideName } from '../side-name.ts'
import type { AfterWaiver, AnyRule, Found, Moment, Rule } from './rule.ts'
import { type Fitting, type GivenWaivers, fitting } from './waivers.ts'

/** One side, and how much of it is looked at. */
export interface Look {
  readonly facts: DatabaseFacts
  readonly scope: 'all' | 'database' | 'server'
}

export interface Judged extends GivenWaivers {
  readonly moment: Moment
  readonly sides: readonly Look[]
  readonly pair?: {
    readonly from: DatabaseFacts
    readonly to: DatabaseFacts
    /** Whether the database that follows exists and stays. */
    readonly toExists: boolean
  }
}

/** What a sentence calls the side where something was found, and of a pair the side that follows it: a rule is asked in either direction. */
type SideNames = Readonly<Partial<Record<'here' | 'there', string>>>

/** All findings of the rules of a moment; a waived finding carries the reason. Pure. */
export function judge({ moment, sides, pair, ...given }: Judged): readonly Finding[] {
  const judging = judgeFound(given, moment)
  return rules
    .filter(({ when }) => when.includes(moment))
    .flatMap((rule) => found(rule, sides, pair).map(({ one, names }) => judging(rule, one, names)))
}

/** Returns a function that judges what a rule has found; a waived finding carries the reason. Pure. */
export function judgeFound(
  given: GivenWaivers,
  moment: Moment,
): (rule: Rule, one: Found, names?: SideNames) => Finding {
  const fits = fitting(given)
  return (rule, one, names = {}) => {
    const waiver = rule.waiver === undefined ? undefined : fits(rule.id, one.object)
    const its = finding(rule, one, names)
    return waiver === undefined ? its : withWaiver(its, waiver, isTooLate(rule, moment))
  }
}

/** The findings that are refused; on the way back only those that would make the way back itself wrong. */
export function obstaclesIn(
  findings: readonly Finding[],
  { goesBack = false }: { readonly goesBack?: boolean } = {},
): readonly Finding[] {
  const saidOnly = new Set(rules.flatMap(({ id, letsGoBack }) => (goesBack && letsGoBack ? [id] : [])))
  return findings.filter(
    ({ severity, waiver, code }) => severity === 'critical' && waiver === undefined && !saidOnly.has(code),
  )
}

/** Waived objects, by what the product does with them. */
export function waivedFor(findings: readonly Finding[], then: AfterWaiver): readonly string[] {
  const codes = rules.filter(({ waiver }) => waiver?.then === then).map(({ id }) => id)
  return findings.flatMap(({ code, waiver, waiverName }) =>
    waiver !== undefined && waiverName !== undefined && codes.includes(code) ? [waiverName] : [],
  )
}

/** The topics that the rules of a moment need of a side. */
export function topicsOf(moment: Moment, scope: Look['scope']): readonly Topic[] {
  const all = [...new Set(askedOf(moment, scope).flatMap(({ looksAt }) => looksAt))]
  return scope === 'server' ? all.filter((topic) => serverTopics.has(topic)) : all
}

/** What may be asked by any database of a server. */
const serverTopics: ReadonlySet<Topic> = new Set([
  'server',
  'passwords',
  'size',
  'room',
  'jobs',
  'time zones',
  'search files',
  'shared memory',
  'build',
  'tls',
])

/** The queries that the rules of a moment have of their own; all of them run in the side's database. */
export function questionsOf(moment: Moment, scope: Look['scope']): readonly Question[] {
  if (scope === 'server') return []
  return askedOf(moment, scope).flatMap(({ id, sql, needs }) =>
    sql === undefined ? [] : [{ id, sql, ...(needs !== undefined && { needs }) }],
  )
}

function askedOf(moment: Moment, scope: Look['scope']): readonly AnyRule[] {
  return rules.filter((rule) => rule.when.includes(moment) && (rule.of === 'pair' || isIn(rule, scope)))
}

function isIn({ of }: Pick<Rule, 'of'>, scope: Look['scope']): boolean {
  return of === 'side' || scope === 'all' || of === scope
}

interface FoundOn {
  readonly one: Found
  readonly names: SideNames
}

function found(rule: AnyRule, sides: Judged['sides'], pair: Judged['pair']): readonly FoundOn[] {
  if (rule.of === 'both sides') return []
  if (rule.of === 'pair') {
    if (pair === undefined || isUnread(rule, pair.from) || isUnread(rule, pair.to)) return []
    if (rule.looksAt.includes('database') && !pair.toExists) return []
    const names = { here: nameOf(pair.from), there: nameOf(pair.to) }
    return rule.find(pair.from, pair.to).map((one) => ({ one, names }))
  }
  return sides
    .filter(({ facts, scope }) => isIn(rule, scope) && !isUnread(rule, facts))
    .flatMap(({ facts }) => rule.find(facts).map((one) => ({ one, names: { here: nameOf(facts) } })))
}

function nameOf({ role, address, port, database }: DatabaseFacts): string {
  return sideName({ called: role, address, port, database })
}

function isUnread({ id, looksAt }: Rule, { unknown }: DatabaseFacts): boolean {
  return unknown.some(({ topic }) => topic === id || looksAt.some((one) => one === topic))
}

function finding(rule: Rule, { object, subject = object, values }: Found, names: SideNames): Finding {
  const { id, severity, sentence, remedy, waiver } = rule
  const named = Object.entries(names).filter(([place]) =>
    [sentence, remedy].some(({ en }) => en.includes(`{${place}}`)),
  )
  const places = { ...Object.fromEntries(named), ...values, object }
  const filled = (text: LocalText): LocalText => ({ zh: fill(text.zh, places), en: fill(text.en, places) })
  const action: LocalText =
    waiver === undefined
      ? remedy
      : {
          zh: `${remedy.zh}，或以“{object}”为名豁免：${waiver.effect.zh}`,
          en: `${remedy.en}, or waive it under the name "{object}": ${waiver.effect.en}`,
        }
  return {
    code: id,
    values: places,
    severity,
    subject,
    message: filled(sentence),
    action: filled(action),
    ...(waiver !== undefined && { waiverName: object }),
  }
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** Keys are made as replication begins: without one by then, a table's updates would fail on the side that opens. */
function isTooLate({ waiver }: Rule, moment: Moment): boolean {
  return moment === 'precheck' && waiver !== undefined && identityWaivers.has(waiver.then)
}

const identityWaivers: ReadonlySet<AfterWaiver> = new Set(['whole-row-key', 'own-key'])

function withWaiver(finding: Finding, { waiver, late }: Fitting, tooLate: boolean): Finding {
  if (!late && !tooLate) return { ...finding, waiver: waiver.reason }
  const { zh, en } = finding.message
  const message = late
    ? {
        zh: `${zh}豁免“${waiver.pattern}”在评估时并未覆盖它，它是之后出现的。`,
        en: `${en} The waiver "${waiver.pattern}" did not cover it as the system was assessed: it came later.`,
      }
    : {
        zh: `${zh}其豁免在建立复制时生效：请重新执行“postgres-replicate”步骤。`,
        en: `${en} Its waiver takes effect as replication begins: run the "postgres-replicate" step again.`,
      }
  return { ...finding, message }
}
