import { databaseRule, everyMoment } from '../census/rule.ts'

/** They commit when their coordinator says so, on the side that is being left. */
export const preparedTransactions = databaseRule({
  id: 'prepared-transactions',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['database'],
  sentence: {
    zh: '数据库“{object}”上有 {count} 个悬挂的两阶段事务。',
    en: 'Database "{object}" holds {count} prepared transactions.',
  },
  remedy: { zh: '由其协调者提交或回滚它们。', en: 'Let their coordinator commit them or roll them back.' },
  find: ({ database, preparedTransactions: count }) =>
    count === 0 ? [] : [{ object: database, values: { count } }],
})
