import { pairRule } from '../census/rule.ts'

/** Of a database that is there already: one that is made gets the encoding of the old one. */
export const encodingDiffers = pairRule({
  id: 'encoding-differs',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['database'],
  sentence: {
    zh: '{there}的编码为“{to}”，{here}为“{from}”。',
    en: '{there} has the encoding "{to}", {here} has "{from}".',
  },
  remedy: { zh: '以同样的编码重建{there}。', en: 'Make {there} anew with the same encoding.' },
  find: ({ encoding }, other) =>
    other.encoding === encoding
      ? []
      : [{ object: other.database, values: { from: encoding, to: other.encoding } }],
})
