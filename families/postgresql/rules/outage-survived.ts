import { atServer, serverRule } from '../census/rule.ts'
import { logKept } from '../facts/log-kept.ts'

export const outageSurvived = serverRule({
  id: 'outage-survived',
  severity: 'information',
  when: ['assessment'],
  looksAt: ['server', 'room'],
  sentence: {
    zh: '服务器“{object}”的日志高峰时每小时增长 {rate} MB，可保留 {room} MB（{limit}）：对侧停机可承受 {survived} 小时；策略要求 {needed} 小时。',
    en: 'Server "{object}" writes up to {rate} MB of log an hour and can keep {room} MB of it ({limit}): the other side may be away for {survived} hours; the policy asks for {needed}.',
  },
  remedy: { zh: '无须处理。', en: 'Nothing is to be done.' },
  find: (facts) => {
    const kept = logKept(facts)
    return atServer(facts, kept !== undefined && kept.survivedMs >= kept.toSurviveMs, kept?.values ?? {})
  },
})
