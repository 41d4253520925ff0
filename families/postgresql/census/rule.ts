import type { Severity } from '../../../domain/assessment/finding.ts'
import type { LocalText } from '../../../domain/identifier.ts'
import type { DatabaseFacts, ServerSide } from '../facts/database-facts.ts'
import type { Topic, TopicFacts } from '../facts/topics.ts'

/**
 * When rules are looked at: before anybody decides, as the new hosts are handed over, before replication begins, before anybody
 * waits for a switch.
 */
export type Moment = 'assessment' | 'preflight' | 'replicate' | 'precheck'

/** Of rules that refuse: what comes up later is seen before anybody waits. */
export const everyMoment: readonly Moment[] = ['assessment', 'replicate', 'precheck']

/** What the product does with an object whose rule was waived. */
export type AfterWaiver =
  /** Its whole rows serve as the key (REPLICA IDENTITY FULL) until the way back is disarmed. */
  | 'whole-row-key'
  /** Its own primary key serves (REPLICA IDENTITY DEFAULT) until the way back is disarmed. */
  | 'own-key'
  /** Updates and deletes of it are refused (REPLICA IDENTITY NOTHING) until the way back is disarmed. */
  | 'only-added-to'
  /** Its rows stay behind. */
  | 'arrives-empty'
  /** It is compared and copied inside the gap of each switch. */
  | 'copied-at-switch'
  /** Nothing: somebody answers for it. */
  | 'left-as-it-is'

/** One thing a rule finds: the object, under whose name a waiver covers it, and the values of the sentence's places. */
export interface Found {
  readonly object: string
  /** What the finding is called after, where that is not the object. */
  readonly subject?: string
  readonly values: Readonly<Record<string, string | number>>
}

/**
 * One thing that can make replication, a switch or a way back wrong, or that people have to know of before they move a
 * database. It is written here once: the assessment, replication and the switchover's checks all ask the same rules.
 */
export interface Rule {
  /** Stable: the code of its findings, and its name in a waiver. */
  readonly id: string
  /** What is critical is refused at each of its moments after the assessment, unless it is waived. */
  readonly severity: Severity
  readonly when: readonly Moment[]
  /**
   * One side's database, its server, whatever is looked at of it; the facts of both held against each other; or everything
   * of both sides, as `differences/` compares it.
   */
  readonly of: 'database' | 'server' | 'side' | 'pair' | 'both sides'
  readonly looksAt: readonly Topic[]
  /**
   * A query of the rule's own, which reads catalogs and runs nothing of the database's own: a row for each object found,
   * named `object`, its other columns the values of the sentence's places.
   */
  readonly sql?: string
  /** What was found. `{name}` stands for a value, `{object}` for the object's name. */
  readonly sentence: LocalText
  /** What to do about it. */
  readonly remedy: LocalText
  /** Somebody else's trouble, for which nobody is kept from the way back. */
  readonly letsGoBack?: true
  /** Absent when nothing but mending helps. */
  readonly waiver?: { readonly then: AfterWaiver; readonly effect: LocalText }
}

/** Facts of the topics a rule looks at, and no others. */
type Looked<T extends Topic> = Omit<ServerSide, 'server'> &
  Pick<DatabaseFacts, { [K in T]: Extract<keyof TopicFacts[K], keyof DatabaseFacts> }[T] | 'answers'>

export interface SideRule extends Rule {
  readonly of: 'database' | 'server' | 'side'
  find(facts: DatabaseFacts): readonly Found[]
}

export interface PairRule extends Rule {
  readonly of: 'pair'
  find(facts: DatabaseFacts, other: DatabaseFacts): readonly Found[]
}

/** What `differences/` finds is judged by such a rule: it looks at more than facts hold. */
export interface DifferenceRule extends Rule {
  readonly of: 'both sides'
}

export type AnyRule = SideRule | PairRule | DifferenceRule

type Words<R> = Omit<R, 'find' | 'looksAt' | 'of'>

/** A rule about one side's database. */
export function databaseRule<const T extends Topic>(
  rule: Words<SideRule> & {
    readonly looksAt: readonly T[]
    find(facts: Looked<T>): readonly Found[]
  },
): SideRule {
  return { ...rule, of: 'database' }
}

/** A rule about one side's server, whether the database is there already or not. */
export function serverRule(
  rule: Words<SideRule> & { find(facts: Looked<'server'>): readonly Found[] },
): SideRule {
  return { ...rule, of: 'server', looksAt: ['server'] }
}

/** A rule about one side's database that is a query alone: whatever it answers is found. */
export function queryRule(rule: Words<SideRule> & { readonly sql: string }): SideRule {
  return { ...rule, of: 'database', looksAt: [], find: (facts) => answered(facts, rule.id) }
}

/** What a rule's own query answered. */
export function answered({ answers }: Pick<DatabaseFacts, 'answers'>, id: string): readonly Found[] {
  return (answers[id] ?? []).map(({ object, ...values }) => ({ object, values }))
}

/** A rule that holds the database that follows (`other`) against the one it follows. */
export function pairRule<const T extends Topic>(
  rule: Words<PairRule> & {
    readonly looksAt: readonly T[]
    find(facts: Looked<T>, other: Looked<T>): readonly Found[]
  },
): PairRule {
  return { ...rule, of: 'pair' }
}

/**
 * Of each thing that replication takes, on each server: one for the direction that is live or comes next, one for the copy of
 * tables that are made meanwhile.
 */
export const neededBothWays = 2

/** How findings name a server. */
function serverName({ address, port }: Pick<ServerSide, 'address' | 'port'>): string {
  return `${address}:${String(port)}`
}

/** A rule about what two sides differ in. One that refuses can be waived: the difference is then left as it is. */
export function differenceRule(
  rule: Omit<Words<DifferenceRule>, 'waiver' | 'severity'> & { readonly severity?: Severity },
): DifferenceRule {
  const { severity = 'critical', ...words } = rule
  const effect = { zh: '届时保持不同。', en: 'it then stays different.' }
  return {
    ...words,
    of: 'both sides',
    severity,
    looksAt: [],
    ...(severity === 'critical' && { waiver: { then: 'left-as-it-is', effect } }),
  }
}

/** What a rule finds of a server as a whole. Both servers are looked at: the way back makes each of them a publisher. */
export function atServer(
  side: Pick<ServerSide, 'address' | 'port'>,
  isFound: boolean,
  values: Found['values'],
): readonly Found[] {
  return isFound ? [{ object: serverName(side), values }] : []
}
