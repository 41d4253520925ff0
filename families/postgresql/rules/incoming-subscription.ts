import { isLink } from '../replication/slots.ts'
import { databaseRule } from '../census/rule.ts'

export const incomingSubscription = databaseRule({
  id: 'incoming-subscription',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['subscriptions'],
  sentence: {
    zh: '数据库有从别处接收数据的订阅“{object}”，目前已停用。',
    en: 'The database has the subscription "{object}", which receives rows from elsewhere and is disabled.',
  },
  remedy: {
    zh: '与数据来源方商定割接时如何改接新侧。',
    en: 'Agree with its source how the new database takes over the subscription.',
  },
  find: ({ subscriptions }) =>
    subscriptions
      .filter(({ name, enabled }) => !enabled && !isLink(name))
      .map(({ name }) => ({ object: name, values: {} })),
})
