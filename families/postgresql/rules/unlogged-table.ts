import { databaseRule, everyMoment } from '../census/rule.ts'

export const unloggedTable = databaseRule({
  id: 'unlogged-table',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”是 UNLOGGED 表，其数据不会被复制。',
    en: 'Table "{object}" is unlogged, so its rows are not replicated.',
  },
  remedy: {
    zh: '改为普通表（alter table {object} set logged）',
    en: 'Make it logged ("alter table {object} set logged")',
  },
  waiver: { then: 'arrives-empty', effect: { zh: '届时该表为空。', en: 'it then arrives empty.' } },
  // A partitioned table has no rows of its own.
  find: ({ tables }) =>
    tables
      .filter(({ unlogged, partitioned }) => unlogged && !partitioned)
      .map(({ name }) => ({ object: name, values: {} })),
})
