import { atServer, everyMoment, neededBothWays, serverRule } from '../census/rule.ts'

export const replicationOriginsFull = serverRule({
  id: 'replication-origins-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”可跟踪 {count} 个复制来源，其他订阅占用 {used} 个；本迁移需要 {needed} 个空闲。',
    en: 'Server "{object}" keeps track of {count} origins of replication, of which subscriptions of others take {used}; this move needs {needed}.',
  },
  remedy: {
    zh: '调大 max_active_replication_origins（PostgreSQL 18 起；之前为 max_replication_slots）并重启。',
    en: 'Raise max_active_replication_origins (max_replication_slots before PostgreSQL 18) and restart it.',
  },
  find: (facts) => {
    const { usedReplicationOrigins, maxReplicationOrigins } = facts.server
    return atServer(facts, usedReplicationOrigins + neededBothWays > maxReplicationOrigins, {
      used: usedReplicationOrigins,
      count: maxReplicationOrigins,
      needed: neededBothWays,
    })
  },
})
