import { databaseRule, everyMoment } from '../census/rule.ts'

/** Generated columns are not sent, so the side that follows finds no row by such a key; PostgreSQL 18 refuses the update. */
export const keyOfGeneratedColumn = databaseRule({
  id: 'key-of-generated-column',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”的键含生成列（{columns}），生成列不会被复制：一旦发布，应用对它的更新和删除都会失败。',
    en: 'The key of table "{object}" has generated columns ({columns}), which are not replicated: once it is published, the application\'s updates and deletes on it fail.',
  },
  remedy: {
    zh: '以普通列为键，或以普通列上的唯一索引为 REPLICA IDENTITY。',
    en: 'Give it a key of ordinary columns, or a unique index of such as its replica identity.',
  },
  find: ({ tables }) =>
    tables
      .map(({ name, keyColumns, generatedColumns }) => ({
        object: name,
        values: { columns: keyColumns.filter((column) => generatedColumns.includes(column)).join(', ') },
      }))
      .filter(({ values }) => values.columns !== ''),
})
