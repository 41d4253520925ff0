import type { ServerSide } from '../facts/database-facts.ts'
import type { Found, Rule, SideRule } from './rule.ts'

/** The name under which the assessment records why the target database was not read. */
export const targetTopic = 'target'

/** What only a superuser sees of a server. A managed service shows none of it; a rule of its own says so. */
export const hiddenByServices: ReadonlySet<string> = new Set(['passwords', 'search files', 'shared memory'])

/** A rule about topics that could not be read. */
export function unseenRule(
  rule: Pick<Rule, 'id' | 'severity' | 'when'> & { readonly isMeant: (topic: string) => boolean },
): SideRule {
  const { isMeant, ...rest } = rule
  return {
    ...rest,
    of: 'side',
    looksAt: [],
    sentence: {
      zh: '数据库“{database}”的“{topic}”未能查明：{reason}',
      en: '"{topic}" of database "{database}" could not be looked at: {reason}',
    },
    remedy: {
      zh: '给予管理员读取权限后重新评估。',
      en: 'Let the administrator read it and assess again.',
    },
    find: (facts) =>
      unread(facts, (topic) => isMeant(topic) && !(facts.isManaged === true && hiddenByServices.has(topic))),
  }
}

/** What a rule that refuses must read: its topics, and its own query. */
export function neededTopics(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ id, severity, looksAt }): readonly string[] =>
      severity === 'critical' ? [...looksAt, id] : [],
    ),
  )
}

/** Each required topic that could not be read, with the reason. */
export function unread(
  { database, unknown }: ServerSide,
  isMeant: (topic: string) => boolean,
): readonly Found[] {
  return unknown
    .filter(({ topic }) => isMeant(topic))
    .map(({ topic, reason }) => ({
      object: `${database}: ${topic}`,
      values: { database, topic, reason: reason.slice(0, 300) },
    }))
}
