import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const replicationWorkers = serverRule({
  id: 'replication-workers',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”允许 {count} 个逻辑复制工作进程，至少需要 2 个。',
    en: 'Server "{object}" allows {count} logical replication workers, where at least 2 are needed.',
  },
  remedy: {
    zh: '调大 max_logical_replication_workers 并重启。',
    en: 'Raise max_logical_replication_workers and restart it.',
  },
  find: (facts) =>
    atServer(facts, facts.server.maxReplicationWorkers < 2, { count: facts.server.maxReplicationWorkers }),
})
