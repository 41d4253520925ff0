import type { Severity } from '../../../domain/assessment/finding.ts'
import type { LocalText } from '../../../domain/identifier.ts'
import type { DatabaseFacts, ServerSide } from '../facts/database-facts.ts'
import type { Topic, TopicFacts } from '../facts/topics.ts'

/**
 * When rules are checked: at the assessment, when the new hosts are handed over, before replication begins, before any client waits for a
 * switch, and again as the last thing before clients are paused. Rules of the last moment take milliseconds.
 */
export type Moment = 'assessment' | 'preflight' | 'replicate' | 'precheck' | 'pause'

/** The moments of rules that refuse: what appears later is found before any client waits. */
export const everyMoment: readonly Moment[] = ['assessment', 'replicate', 'precheck']

/** What the product does with an object whose finding is waived. */
export type AfterWaiver =
  /** Its whole rows serve as the key (REPLICA IDENTITY FULL) until the way back is disarmed. */
  | 'whole-row-key'
  /** Its own primary key serves (REPLICA IDENTITY DEFAULT) until the way back is disarmed. */
  | 'own-key'
  /** Updates and deletes of it are refused (REPLICA IDENTITY NOTHING) until the way back is disarmed. */
  | 'only-added-to'
  /** Its rows stay behind. */
  | 'arrives-empty'
  /** It is compared, and copied if it changed, inside the gap of each switch. */
  | 'copied-at-switch'
  /** Nothing: the waiver takes the responsibility. */
  | 'left-as-it-is'

/** One finding: the object, whose name a waiver uses, and the values for the sentence. */
export interface Found {
  readonly object: string
  /** The name of the finding, if it is not that of the object. */
  readonly subject?: string
  readonly values: Readonly<Record<string, string | number>>
}

/**
 * A rule: one cause that can make replication, a switch or a way back wrong, or that people must know before they move a database. The
 * assessment, replication and the checks of the switchover all use the same rules.
 */
export interface Rule {
  /** The code of its findings and its name in a waiver; never changes. */
  readonly id: string
  /** A critical finding is refused at each of its moments after the assessment, unless it is waived. */
  readonly severity: Severity
  readonly when: readonly Moment[]
  /**
   * What the rule looks at: the database of one side, its server, the facts of both sides against each other, or everything of both sides
   * as `differences/` compares it.
   */
  readonly of: 'database' | 'server' | 'side' | 'pair' | 'both sides'
  readonly looksAt: readonly Topic[]
  /**
   * A query of the rule's own, which reads catalogs and runs no code of the database. It returns a row for each object: the column
   * `object` is its name, and the other columns are values for the sentence.
   */
  readonly sql?: string
  /** A table that the query reads, or a view of the server's own, where some servers lack it; without it the answer is empty. */
  readonly needs?: string
  /**
   * The sentence of a finding. `{name}` stands for a value, `{object}` for the object's name, `{here}` for the side where it was found,
   * and in a rule of a pair `{there}` for the side that follows. A rule that is asked after the assessment is asked on the way back too:
   * its words name no side as the old or the new one.
   */
  readonly sentence: LocalText
  /** The remedy. */
  readonly remedy: LocalText
  /** Whether the finding concerns others only, and so never prevents the way back. */
  readonly letsGoBack?: true
  /** Absent if the rule cannot be waived. */
  readonly waiver?: { readonly then: AfterWaiver; readonly effect: LocalText }
}

/** The facts of the topics that a rule needs, and no others. */
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

/** A rule that judges differences: `differences/` reads more than the facts contain. */
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

/** A rule about one side's server, whether or not the database exists. */
export function serverRule(
  rule: Words<SideRule> & {
    readonly looksAt?: readonly ('server' | 'room')[]
    find(facts: Looked<'server' | 'room'>): readonly Found[]
  },
): SideRule {
  return { looksAt: ['server'], ...rule, of: 'server' }
}

/** A rule about one side's database that consists of a query: each row is a finding. */
export function queryRule(rule: Words<SideRule> & { readonly sql: string }): SideRule {
  return { ...rule, of: 'database', looksAt: [], find: (facts) => answered(facts, rule.id) }
}

/** The answer to a rule's own query. */
export function answered({ answers }: Pick<DatabaseFacts, 'answers'>, id: string): readonly Found[] {
  return (answers[id] ?? []).map(({ object, ...values }) => ({ object, values }))
}

/** A rule that compares the database that follows (`other`) with the one it follows. */
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

/** The name of a server in findings. */
export function serverName({ address, port }: Pick<ServerSide, 'address' | 'port'>): string {
  return `${address}:${String(port)}`
}

/** A rule about differences of the sides. One that refuses can be waived; the difference then stays. */
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

/** The findings about a server as a whole. Both servers are checked, because the way back makes each of them a publisher. */
export function atServer(
  side: Pick<ServerSide, 'address' | 'port'>,
  isFound: boolean,
  values: Found['values'],
): readonly Found[] {
  return isFound ? [{ object: serverName(side), values }] : []
}
