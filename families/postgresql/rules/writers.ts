import { isLink } from '../replication/slots.ts'
import { databaseRule } from './rule.ts'

/** Workers of an enabled subscription of somebody else write past every fence, and one of them can be left behind. */
export const foreignSubscription = databaseRule({
  id: 'foreign-subscription',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
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

export const disabledSubscription = databaseRule({
  id: 'incoming-subscription',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['subscriptions'],
  sentence: {
    zh: '数据库有从别处接收数据的订阅“{object}”，目前已停用。',
    en: 'The database has the subscription "{object}", which receives rows from elsewhere and is disabled.',
  },
  remedy: {
    zh: '与数据来源方商定割接时如何改接新库。',
    en: 'Agree with its source how the new database takes over the subscription.',
  },
  find: ({ subscriptions }) =>
    subscriptions
      .filter(({ name, enabled }) => !enabled && !isLink(name))
      .map(({ name }) => ({ object: name, values: {} })),
})

/** They commit when their coordinator says so, on the side that is being left. */
export const preparedTransactions = databaseRule({
  id: 'prepared-transactions',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['database'],
  sentence: {
    zh: '数据库“{object}”上有 {count} 个悬挂的两阶段事务。',
    en: 'Database "{object}" holds {count} prepared transactions.',
  },
  remedy: { zh: '由其协调者提交或回滚它们。', en: 'Let their coordinator commit them or roll them back.' },
  find: ({ database, preparedTransactions: count }) =>
    count === 0 ? [] : [{ object: database, values: { count } }],
})

/** Precheck names them as a leak of the fence, with every other one. */
export const superuserOfApplication = databaseRule({
  id: 'application-role-superuser',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['fence'],
  sentence: {
    zh: '应用使用的角色“{object}”是超级用户，切换时无法拦截。',
    en: 'The application logs in as "{object}", a superuser, who cannot be fenced off at the switch.',
  },
  remedy: {
    zh: '改用普通角色并只授予所需权限。',
    en: 'Give the application an ordinary role with the privileges it needs.',
  },
  find: ({ unfenced }) =>
    unfenced.filter(({ through }) => through === undefined).map(({ role }) => ({ object: role, values: {} })),
})

export const connectThroughSuperuser = databaseRule({
  id: 'connect-through-superuser',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['fence'],
  sentence: {
    zh: '角色“{object}”作为超级用户“{through}”的成员拥有 CONNECT 权限，切换时无法拦截。',
    en: 'Role "{object}" has CONNECT as a member of superuser "{through}" and cannot be fenced off at the switch.',
  },
  remedy: { zh: '撤销该成员关系。', en: 'Revoke that membership.' },
  find: ({ unfenced }) =>
    unfenced.flatMap(({ role, through }) =>
      through === undefined ? [] : [{ object: role, values: { through } }],
    ),
})
