import { databaseRule } from './rule.ts'

export const view = databaseRule({
  id: 'view',
  severity: 'information',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: { zh: '视图“{object}”。', en: 'View "{object}".' },
  remedy: { zh: '随结构一并复制，无需处理。', en: 'It comes along with the schema; nothing to do.' },
  find: ({ views }) => views.map((name) => ({ object: name, values: {} })),
})

export const materialisedView = databaseRule({
  id: 'materialised-view',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: {
    zh: '物化视图“{object}”的内容不会被复制。',
    en: 'The content of the materialised view "{object}" is not replicated.',
  },
  remedy: { zh: '切换后在新库刷新。', en: 'Refresh it on the new side after the switch.' },
  find: ({ materialisedViews }) => materialisedViews.map((name) => ({ object: name, values: {} })),
})

export const foreignTable = databaseRule({
  id: 'foreign-table',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: {
    zh: '外部表“{object}”依赖另一台服务器。',
    en: 'The foreign table "{object}" needs another server.',
  },
  remedy: { zh: '确认新库能到达该服务器。', en: 'Make sure the new database reaches that server.' },
  find: ({ foreignTables }) => foreignTables.map((name) => ({ object: name, values: {} })),
})

export const sequenceWithCache = databaseRule({
  id: 'sequence-with-cache',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['sequences'],
  sentence: {
    zh: '序列“{object}”每个会话缓存 {cache} 个值，且序列不会被复制。',
    en: 'Sequence "{object}" hands {cache} values to each session at a time, and sequences are not replicated.',
  },
  remedy: {
    zh: '切换时按余量前移；编号会有空档，应用不得依赖连续编号。',
    en: 'The switch moves it on by a margin: numbers will have gaps, and the application must not count on there being none.',
  },
  find: ({ sequences }) =>
    sequences
      .filter(({ cache }) => cache > 1)
      .map(({ name, cache }) => ({ object: name, values: { cache } })),
})
