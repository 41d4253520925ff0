import { differenceRule } from '../census/rule.ts'

/** Settings that change what a statement means or whether it succeeds; those that may differ are listed with the reasons. */
export const settingDiffers = differenceRule({
  id: 'setting-differs',
  when: ['assessment', 'replicate', 'precheck'],
  sentence: {
    zh: '两侧服务器的“{object}”不同：{from}为“{fromText}”，{to}为“{toText}”。',
    en: 'The servers differ in "{object}": {from} has "{fromText}", {to} has "{toText}".',
  },
  remedy: {
    zh: '能为数据库单独设置的，建立复制时写入{to}；其余请使{to}与{from}一致{how}',
    en: 'What can be set for a database is written into {to} as replication begins; otherwise make {to} as {from} is{how}',
  },
})
