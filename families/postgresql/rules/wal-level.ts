import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const walLevel = serverRule({
  id: 'wal-level',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 wal_level 为“{found}”，需要“logical”。',
    en: 'Server "{object}" runs with wal_level "{found}", where "logical" is needed.',
  },
  remedy: {
    zh: '设置 wal_level = logical 并重启；需要一个维护窗口。',
    en: 'Set "wal_level = logical" and restart it; that takes a maintenance window.',
  },
  find: (facts) => atServer(facts, facts.server.walLevel !== 'logical', { found: facts.server.walLevel }),
})
