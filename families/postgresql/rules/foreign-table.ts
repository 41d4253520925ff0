import { databaseRule } from '../census/rule.ts'

export const foreignTable = databaseRule({
  id: 'foreign-table',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: {
    zh: '外部表“{object}”依赖另一台服务器。',
    en: 'The foreign table "{object}" needs another server.',
  },
  remedy: { zh: '确认新侧能到达该服务器。', en: 'Make sure the new database reaches that server.' },
  find: ({ foreignTables }) => foreignTables.map((name) => ({ object: name, values: {} })),
})
