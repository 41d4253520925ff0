import type { ServerSide } from '../facts/database-facts.ts'
import type { Topic } from '../facts/topics.ts'
import type { Found, Rule, SideRule } from './rule.ts'

/** Under this name the assessment keeps why the database a system moves to was not looked at. */
export const targetTopic = 'target'

const remedy = {
  zh: '给予管理员读取权限后重新评估。',
  en: 'Let the administrator read it and assess again.',
}
const sentence = {
  zh: '数据库“{database}”的“{topic}”未能查明：{reason}',
  en: '"{topic}" of database "{database}" could not be looked at: {reason}',
}

/** What is found of a topic that could not be read: worse where a rule that refuses has to look at it. */
export function unseenRules(others: readonly Rule[]): readonly SideRule[] {
  const needed = new Set<string>(
    others.flatMap(({ severity, looksAt }): readonly Topic[] => (severity === 'critical' ? looksAt : [])),
  )
  return [
    {
      id: 'topic-unreadable',
      severity: 'critical',
      when: ['assessment', 'replicate', 'precheck'],
      of: 'side',
      looksAt: [],
      sentence,
      remedy,
      find: (facts) => unread(facts, (topic) => needed.has(topic)),
    },
    {
      id: 'topic-unknown',
      severity: 'warning',
      when: ['assessment'],
      of: 'side',
      looksAt: [],
      sentence,
      remedy,
      find: (facts) => unread(facts, (topic) => !needed.has(topic) && topic !== targetTopic),
    },
    {
      id: 'target-unknown',
      severity: 'information',
      when: ['assessment'],
      of: 'side',
      looksAt: [],
      sentence: {
        zh: '目标库尚不可达，因此未核对它与其服务器：{reason}',
        en: 'The database it moves to and its server could not be looked at: {reason}',
      },
      remedy: {
        zh: '目标服务器就绪后，建立复制之前会全部核对。',
        en: 'All of it is looked at before replication begins.',
      },
      find: (facts) => unread(facts, (topic) => topic === targetTopic),
    },
  ]
}

function unread({ database, unknown }: ServerSide, isMeant: (topic: string) => boolean): readonly Found[] {
  return unknown
    .filter(({ topic }) => isMeant(topic))
    .map(({ topic, reason }) => ({
      object: `${database}: ${topic}`,
      values: { database, topic, reason: reason.slice(0, 300) },
    }))
}
