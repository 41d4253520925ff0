import { differenceRule } from '../census/rule.ts'

/** Settings of sessions that differ between the servers, and are written into the new database. */
export const settingCarried = differenceRule({
  id: 'setting-carried',
  severity: 'information',
  when: ['assessment'],
  sentence: {
    zh: '两侧服务器的“{object}”不同：{from}为“{fromText}”，{to}为“{toText}”。',
    en: 'The servers differ in "{object}": {from} has "{fromText}", {to} has "{toText}".',
  },
  remedy: {
    zh: '建立复制时会写入新侧，使其会话与旧侧一致；如应保持不同，请按名称豁免“setting-differs”。',
    en: 'It is written into the new database as replication begins, so that its sessions find it as in the old one; to leave it different, waive "setting-differs" by its name.',
  },
})
