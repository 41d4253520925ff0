import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const walSendersFull = serverRule({
  id: 'wal-senders-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 {count} 个 WAL 发送进程已全部占用。',
    en: 'All {count} WAL senders of server "{object}" are taken.',
  },
  remedy: { zh: '调大 max_wal_senders 并重启。', en: 'Raise max_wal_senders and restart it.' },
  find: (facts) =>
    atServer(facts, facts.server.usedWalSenders >= facts.server.maxWalSenders, {
      count: facts.server.maxWalSenders,
    }),
})
