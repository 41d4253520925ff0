import { atServer, everyMoment, serverRule } from '../census/rule.ts'
import { logKept } from '../facts/log-kept.ts'

/** Both servers, since each of them is followed in one of the directions. */
export const outageNotSurvived = serverRule({
  id: 'outage-not-survived',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['server', 'room'],
  letsGoBack: true,
  sentence: {
    zh: '服务器“{object}”的日志高峰时每小时增长 {rate} MB，可保留 {room} MB（{limit}）：对侧停机 {survived} 小时后，复制或退路即告失去；策略要求承受 {needed} 小时。',
    en: 'Server "{object}" writes up to {rate} MB of log an hour and can keep {room} MB of it ({limit}): replication, or the way back, ends once the other side has been away for {survived} hours; the policy asks for {needed}.',
  },
  remedy: {
    zh: '扩大其日志所在磁盘，或调大 max_slot_wal_keep_size，或调小策略的 outageToSurviveHours',
    en: 'Make the disk of its log larger, raise max_slot_wal_keep_size, or ask for less by "outageToSurviveHours" of the policy',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '更长的停机将使复制或退路失去。',
      en: 'a longer outage then ends replication, or the way back.',
    },
  },
  find: (facts) => {
    const kept = logKept(facts)
    return atServer(facts, kept !== undefined && kept.survivedMs < kept.toSurviveMs, kept?.values ?? {})
  },
})
