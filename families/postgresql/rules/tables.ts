import { databaseRule, pairRule } from './rule.ts'

/** Tables whose updates and deletes would fail as soon as they are published. */
export const tableWithoutKey = databaseRule({
  id: 'table-without-key',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”没有主键，或其主键可延迟检查：一旦发布，应用对它的更新和删除都会失败。',
    en: 'Table "{object}" has no primary key, or one that is deferrable: once it is published, the application\'s updates and deletes on it fail.',
  },
  remedy: { zh: '为其增加不可延迟的主键', en: 'Give it a primary key that is not deferrable' },
  waiver: {
    then: 'whole-row-key',
    effect: {
      zh: '届时以整行为键（REPLICA IDENTITY FULL）。',
      en: 'its whole rows then serve as the key (REPLICA IDENTITY FULL).',
    },
  },
  find: ({ tables }) =>
    tables
      .filter(({ unlogged, hasReplicaIdentity }) => !unlogged && !hasReplicaIdentity)
      .map(({ name }) => ({ object: name, values: {} })),
})

/** Generated columns are not sent, so the side that follows finds no row by such a key; PostgreSQL 18 refuses the update. */
export const keyOfGeneratedColumn = databaseRule({
  id: 'key-of-generated-column',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
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

/** Since PostgreSQL 18 a publisher refuses what older ones sent; the way back makes each side a publisher. */
export const wholeRowOfGeneratedColumn = pairRule({
  id: 'whole-row-of-generated-column',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['tables', 'server'],
  sentence: {
    zh: '表“{object}”有生成列（{columns}）而没有可用的键，只能以整行为键：PostgreSQL {major} 会拒绝应用对它的更新和删除。',
    en: 'Table "{object}" has generated columns ({columns}) and no key of its own, so that its whole rows would serve as one: PostgreSQL {major} refuses the application\'s updates and deletes on it.',
  },
  remedy: { zh: '为其增加由普通列组成的主键。', en: 'Give it a primary key of ordinary columns.' },
  find: ({ tables, server }, other) => {
    const major = Math.max(server.major, other.server.major)
    if (major < 18) return []
    return tables
      .filter(({ unlogged, partitioned }) => !unlogged && !partitioned)
      .filter(({ hasReplicaIdentity, replicaIdentity }) => !hasReplicaIdentity || replicaIdentity === 'full')
      .filter(({ generatedColumns }) => generatedColumns.length > 0)
      .map(({ name, generatedColumns }) => ({
        object: name,
        values: { columns: generatedColumns.join(', '), major },
      }))
  },
})

export const unloggedTable = databaseRule({
  id: 'unlogged-table',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
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
    en: 'Make it anew without "unlogged"; its partitions can be attached to the new one.',
  },
  find: ({ tables }, { server: { major } }) =>
    major < 18
      ? []
      : tables
          .filter(({ unlogged, partitioned }) => unlogged && partitioned)
          .map(({ name }) => ({ object: name, values: { major } })),
})
