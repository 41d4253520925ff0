import { atServer, serverRule } from '../census/rule.ts'

export const slotLogBounded = serverRule({
  id: 'slot-log-bounded',
  severity: 'warning',
  when: ['assessment'],
  sentence: {
    zh: '服务器“{object}”最多为跟随者保留 {megabytes} MB 日志（max_slot_wal_keep_size）：对侧停机期间写入超过此量，复制或退路即告失去。',
    en: 'Server "{object}" keeps at most {megabytes} MB of log for one that follows (max_slot_wal_keep_size): an outage of the other side in which more is written ends replication, or the way back.',
  },
  remedy: {
    zh: '按日志增速与须承受的停机时长设置，且小于空闲磁盘空间。',
    en: 'Set it to the rate of its log times the outage that has to be survived, and below the free space of its disk.',
  },
  find: (facts) =>
    atServer(facts, facts.server.keptLogMegabytes !== undefined, {
      megabytes: facts.server.keptLogMegabytes ?? 0,
    }),
})
