import { pairRule } from '../census/rule.ts'

export const unloggedPartitionedTable = pairRule({
  id: 'unlogged-partitioned-table',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['tables', 'server'],
  sentence: {
    zh: '分区表“{object}”是 UNLOGGED 表，PostgreSQL {major} 不再接受。',
    en: 'The partitioned table "{object}" is unlogged, which PostgreSQL {major} does not take any more.',
  },
  remedy: {
    zh: '去掉 UNLOGGED 重建该分区表，原有分区可重新挂接。',
    en: 'Make it anew without "unlogged"; its partitions can then be attached to it.',
  },
  find: ({ tables }, { server: { major } }) =>
    major < 18
      ? []
      : tables
          .filter(({ unlogged, partitioned }) => unlogged && partitioned)
          .map(({ name }) => ({ object: name, values: { major } })),
})
