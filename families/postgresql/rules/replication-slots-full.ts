import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const replicationSlotsFull = serverRule({
  id: 'replication-slots-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 {count} 个复制槽已全部占用。',
    en: 'All {count} replication slots of server "{object}" are taken.',
  },
  remedy: {
    zh: '删除无人使用的复制槽，或调大 max_replication_slots 并重启。',
    en: 'Drop slots nobody uses, or raise max_replication_slots and restart it.',
  },
  find: (facts) =>
    atServer(facts, facts.server.usedReplicationSlots >= facts.server.maxReplicationSlots, {
      count: facts.server.maxReplicationSlots,
    }),
})
