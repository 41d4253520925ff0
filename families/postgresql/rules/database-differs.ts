import { differenceRule } from '../census/rule.ts'

/** Encoding, collation and its version, owner, limit: what a database has of its own, and no dump of it brings along. */
export const databaseDiffers = differenceRule({
  id: 'database-differs',
  when: ['assessment', 'replicate', 'precheck'],
  sentence: {
    zh: '两侧数据库的“{object}”不同：{from}为“{fromText}”，{to}为“{toText}”。',
    en: 'The databases of both sides differ in "{object}": {from} has "{fromText}", {to} has "{toText}".',
  },
  remedy: {
    zh: '在测试平台核对排序与查询结果，或使{to}与{from}一致{how}',
    en: 'Compare sort order and results on staging, or make {to} as {from} is{how}',
  },
})
