import { atServer, everyMoment, serverRule } from '../census/rule.ts'

/** A subscription is a standby to its publisher, under its own name. */
export const subscriberCountsAsStandby = serverRule({
  id: 'subscriber-counts-as-standby',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 synchronous_standby_names 为“{names}”：其中的 * 也包括迁移用的订阅，提交会等待另一侧，另一侧停机时写入随之停住。',
    en: '"synchronous_standby_names" of server "{object}" is "{names}": its * takes in the subscription of the move, so that commits wait for the other side, and stop when it is down.',
  },
  remedy: {
    zh: '写明备库的名字，代替 *，然后重新加载配置。',
    en: 'Name the standbys there instead of *, and reload the server.',
  },
  find: (facts) => {
    const { synchronousStandbyNames = '' } = facts.server
    return atServer(facts, synchronousStandbyNames.includes('*'), { names: synchronousStandbyNames })
  },
})
