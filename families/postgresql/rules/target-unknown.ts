import type { SideRule } from '../census/rule.ts'
import { targetTopic, unread } from '../census/unseen.ts'

export const targetUnknown: SideRule = {
  id: 'target-unknown',
  severity: 'information',
  when: ['assessment'],
  of: 'side',
  looksAt: [],
  sentence: {
    zh: '新侧尚不可达，因此未核对它与其服务器：{reason}',
    en: 'The database it moves to and its server could not be looked at: {reason}',
  },
  remedy: {
    zh: '目标服务器就绪后，建立复制之前会全部核对。',
    en: 'All of it is looked at before replication begins.',
  },
  find: (facts) => unread(facts, (topic) => topic === targetTopic),
}
