import { answered, pairRule } from '../census/rule.ts'
import { timelineNow, timelineThen } from '../replication/known-tables.ts'

const id = 'server-promoted'

/**
 * A logical slot does not follow its server to a standby. A tool that makes it anew there makes it at a later position, and the subscriber
 * goes on without what was written in between: no error shows. https://github.com/patroni/patroni/issues/1056
 */
export const serverPromoted = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'precheck'],
  looksAt: ['server'],
  sql: `
    SELECT quote_ident(current_database()) AS object, t.before, t.now
      FROM (SELECT ${timelineThen} AS before, ${timelineNow} AS now) t WHERE t.before <> t.now`,
  sentence: {
    zh: '自另一侧开始跟随数据库“{object}”以来，其服务器经历过提升或恢复（时间线 {before}，现为 {now}）：逻辑复制槽不会随之转移；若有工具重建了它，其间写入的内容已缺失，且不报错。',
    en: 'The server of database "{object}" was promoted or recovered since the other side began to follow it (timeline {before}, now {now}): a logical slot does not come along, and where a tool made it anew, what was written in between is missing on the other side, without an error.',
  },
  remedy: {
    zh: '重新复制全部数据（复制步骤加 replace: true；回退方向用 qianyun retention rearm）',
    en: 'Copy everything anew (the replication step with "replace: true"; on the way back "qianyun retention rearm")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当高可用工具会把槽原样带到备机（PostgreSQL 17 起的 failover 槽等），且提升后已比对过两侧全部表时。',
      en: 'that is where slots are carried to the standby as they are (failover slots since PostgreSQL 17, for example), and all tables of both sides were compared after the promotion.',
    },
  },
  find: (facts) => answered(facts, id),
})
