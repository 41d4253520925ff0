import { databaseRule, everyMoment } from '../census/rule.ts'

/** No publication carries them. A waiver names the rule: which of them there are changes every day. */
export const largeObjects = databaseRule({
  id: 'large-objects',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['large objects'],
  sentence: {
    zh: '数据库“{database}”有 {count} 个大对象，不会被复制（可能引用它们的列：{columns}）。',
    en: 'Database "{database}" holds {count} large objects, which are not replicated (columns that may point at them: {columns}).',
  },
  remedy: { zh: '改存为 bytea 列', en: 'Move them into a bytea column' },
  waiver: {
    then: 'copied-at-switch',
    effect: {
      zh: '届时在每次切换、写入方等待期间复制。',
      en: 'they are then copied while the writers wait, at each switch.',
    },
  },
  find: ({ database, largeObjects: count, largeObjectColumns }) =>
    count === 0
      ? []
      : [
          {
            object: 'large-objects',
            subject: database,
            values: { database, count, columns: largeObjectColumns.slice(0, 3).join(', ') || '-' },
          },
        ],
})
