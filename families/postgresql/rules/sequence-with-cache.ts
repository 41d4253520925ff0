import { databaseRule } from '../census/rule.ts'

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
