import { everyMoment, pairRule } from '../census/rule.ts'

/** Since PostgreSQL 18 a publisher refuses what older ones sent; the way back makes each side a publisher. */
export const wholeRowOfGeneratedColumn = pairRule({
  id: 'whole-row-of-generated-column',
  severity: 'critical',
  when: everyMoment,
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
