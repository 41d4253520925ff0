import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const serverIsStandby = serverRule({
  id: 'server-is-standby',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”是备库（处于恢复状态）：它不接受写入，也不能发布或订阅。',
    en: 'Server "{object}" is a standby (in recovery): it takes no writes, and can neither publish nor subscribe.',
  },
  remedy: {
    zh: '在方案中写主库的地址，或先把它提升为主库。',
    en: 'Name the primary in the plan, or promote it first.',
  },
  find: (facts) => atServer(facts, facts.server.inRecovery === true, {}),
})
