import { atServer, everyMoment, neededBothWays, serverRule } from '../census/rule.ts'

export const replicationWorkers = serverRule({
  id: 'replication-workers',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”允许 {count} 个逻辑复制工作进程，其他订阅占用 {used} 个；本迁移需要 {needed} 个空闲，否则切换后的退路不会运行。',
    en: 'Server "{object}" allows {count} logical replication workers, of which subscriptions of others take {used}; this move needs {needed}, or nothing applies what it replicates.',
  },
  remedy: {
    zh: '调大 max_logical_replication_workers 并重启，或停用无人需要的订阅。',
    en: 'Raise max_logical_replication_workers and restart it, or disable subscriptions nobody needs.',
  },
  find: (facts) => {
    const { usedReplicationWorkers, maxReplicationWorkers } = facts.server
    return atServer(facts, usedReplicationWorkers + neededBothWays > maxReplicationWorkers, {
      used: usedReplicationWorkers,
      count: maxReplicationWorkers,
      needed: neededBothWays,
    })
  },
})
