import { atServer, everyMoment, neededBothWays, serverRule } from '../census/rule.ts'

export const replicationSlotsFull = serverRule({
  id: 'replication-slots-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 {count} 个复制槽中已有 {used} 个被占用；本迁移需要 {needed} 个空闲。',
    en: 'Others use {used} of the {count} replication slots of server "{object}"; this move needs {needed} of them.',
  },
  remedy: {
    zh: '删除无人使用的复制槽，或调大 max_replication_slots 并重启。',
    en: 'Drop slots nobody uses, or raise max_replication_slots and restart it.',
  },
  find: (facts) => {
    const { usedReplicationSlots, maxReplicationSlots } = facts.server
    return atServer(facts, usedReplicationSlots + neededBothWays > maxReplicationSlots, {
      used: usedReplicationSlots,
      count: maxReplicationSlots,
      needed: neededBothWays,
    })
  },
})
