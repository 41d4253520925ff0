import { isLink } from '../replication/slots.ts'
import { databaseRule, everyMoment } from '../census/rule.ts'

/** Workers of an enabled subscription of somebody else write past every fence, and one of them can be left behind. */
export const foreignSubscription = databaseRule({
  id: 'foreign-subscription',
  severity: 'critical',
  when: [...everyMoment, 'pause'],
  looksAt: ['subscriptions'],
  sentence: {
    zh: '订阅“{object}”绕过一切拦截，从别处向数据库“{database}”写入。',
    en: 'Subscription "{object}" writes into database "{database}" from elsewhere, past every fence.',
  },
  remedy: {
    zh: '停用它（alter subscription {object} disable），并在之后服务的一侧建立同样的订阅。',
    en: 'Disable it ("alter subscription {object} disable"), and make one like it on the side that serves afterwards.',
  },
  find: ({ subscriptions, database }) =>
    subscriptions
      .filter(({ name, enabled }) => enabled && !isLink(name))
      .map(({ name }) => ({ object: name, values: { database } })),
})
