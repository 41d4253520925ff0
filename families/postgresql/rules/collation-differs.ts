import { pairRule } from '../census/rule.ts'

export const collationDiffers = pairRule({
  id: 'collation-differs',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['database'],
  sentence: {
    zh: '新侧“{object}”的排序规则为“{to}”，旧侧为“{from}”。',
    en: 'Database "{object}" has the collation "{to}", the old one "{from}".',
  },
  remedy: { zh: '在测试平台核对排序结果与索引。', en: 'Compare sort order and indexes on staging.' },
  find: ({ collation }, other) =>
    other.collation === collation
      ? []
      : [{ object: other.database, values: { from: collation, to: other.collation } }],
})
