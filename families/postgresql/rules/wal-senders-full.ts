import { atServer, everyMoment, neededBothWays, serverRule } from '../census/rule.ts'

export const walSendersFull = serverRule({
  id: 'wal-senders-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 {count} 个 WAL 发送进程中已有 {used} 个被占用；本迁移需要 {needed} 个空闲。',
    en: 'Others use {used} of the {count} WAL senders of server "{object}"; this move needs {needed} of them.',
  },
  remedy: {
    zh: '调大 max_wal_senders 并重启。',
    en: 'Raise max_wal_senders and restart it.',
  },
  find: (facts) => {
    const { usedWalSenders, maxWalSenders } = facts.server
    return atServer(facts, usedWalSenders + neededBothWays > maxWalSenders, {
      used: usedWalSenders,
      count: maxWalSenders,
      needed: neededBothWays,
    })
  },
})
