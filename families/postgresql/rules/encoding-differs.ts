import { pairRule } from '../census/rule.ts'

/** Of a database that is there already: one that is made gets the encoding of the old one. */
export const encodingDiffers = pairRule({
  id: 'encoding-differs',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['database'],
  sentence: {
    zh: '新侧“{object}”的编码为“{to}”，旧侧为“{from}”。',
    en: 'Database "{object}" has the encoding "{to}", the old one "{from}".',
  },
  remedy: { zh: '以同样的编码重建新侧的数据库。', en: 'Make it anew with the same encoding.' },
  find: ({ encoding }, other) =>
    other.encoding === encoding
      ? []
      : [{ object: other.database, values: { from: encoding, to: other.encoding } }],
})
