import { pairRule } from './rule.ts'

export const targetOlder = pairRule({
  id: 'target-older',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sentence: {
    zh: '目标服务器为 PostgreSQL “{to}”，低于旧库的“{from}”。',
    en: 'The new server is PostgreSQL "{to}", older than the old side\'s "{from}".',
  },
  remedy: { zh: '采用不低于旧库版本的服务器。', en: 'Take one at least as new.' },
  find: ({ server }, other) =>
    other.server.major < server.major
      ? [{ object: other.database, values: { from: server.version, to: other.server.version } }]
      : [],
})

/** Of a database that is there already: one that is made gets the encoding of the old one. */
export const encodingDiffers = pairRule({
  id: 'encoding-differs',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['database'],
  sentence: {
    zh: '目标库“{object}”的编码为“{to}”，旧库为“{from}”。',
    en: 'Database "{object}" has the encoding "{to}", the old one "{from}".',
  },
  remedy: { zh: '以同样的编码重建目标库。', en: 'Make it anew with the same encoding.' },
  find: ({ encoding }, other) =>
    other.encoding === encoding
      ? []
      : [{ object: other.database, values: { from: encoding, to: other.encoding } }],
})

export const collationDiffers = pairRule({
  id: 'collation-differs',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['database'],
  sentence: {
    zh: '目标库“{object}”的排序规则为“{to}”，旧库为“{from}”。',
    en: 'Database "{object}" has the collation "{to}", the old one "{from}".',
  },
  remedy: { zh: '在测试环境核对排序结果与索引。', en: 'Compare sort order and indexes on staging.' },
  find: ({ collation }, other) =>
    other.collation === collation
      ? []
      : [{ object: other.database, values: { from: collation, to: other.collation } }],
})

export const extensionMissing = pairRule({
  id: 'extension-missing',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server', 'extensions'],
  sentence: {
    zh: '目标库“{database}”的服务器上没有扩展“{object}”。',
    en: 'Extension "{object}" is not available on the server of "{database}".',
  },
  remedy: { zh: '在该服务器上安装其软件包。', en: 'Install its package there.' },
  find: ({ extensions }, { server, database }) =>
    extensions
      .filter(({ name }) => name !== 'plpgsql' && !server.availableExtensions.includes(name))
      .map(({ name }) => ({ object: name, values: { database } })),
})
