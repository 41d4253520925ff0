import { atServer, everyMoment, serverRule } from '../census/rule.ts'

/** A commit waits for a standby that is named and not there, without a bound and without a word. */
export const commitsWait = serverRule({
  id: 'commits-wait',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的每次提交都等待同步备库（synchronous_standby_names = {names}），而没有一个备库连着：写入会一直停住。',
    en: 'Each commit on server "{object}" waits for a synchronous standby (synchronous_standby_names = {names}), and none is connected: writes stop there for good.',
  },
  remedy: {
    zh: '让备库连上，或清空 synchronous_standby_names 并重新加载配置。',
    en: 'Connect the standby, or set "synchronous_standby_names" to nothing and reload the server.',
  },
  find: (facts) => {
    const { synchronousStandbyNames = '', synchronousStandbys = 0 } = facts.server
    return atServer(facts, synchronousStandbyNames !== '' && synchronousStandbys === 0, {
      names: synchronousStandbyNames,
    })
  },
})
