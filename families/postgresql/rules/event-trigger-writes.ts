import { everyMoment, queryRule } from '../census/rule.ts'

/** A change of the schema is made on both sides during retention, and so is what the trigger writes. */
export const eventTriggerWrites = queryRule({
  id: 'event-trigger-writes',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  sql: `
    SELECT quote_ident(e.evtname) AS object, e.evtfoid::regproc::text AS function
      FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
     WHERE e.evtname NOT IN ('qianyun_ddl', 'qianyun_drop') AND e.evtenabled = 'O' AND e.evtevent <> 'login'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')
       AND regexp_replace(p.prosrc, '--[^\\n]*|/[*].*?[*]/', '', 'g') ~* '\\m(insert\\s+into|update\\s+\\S+\\s+set|delete\\s+from|merge\\s+into|copy\\s+\\S+\\s+from)\\M'
     ORDER BY 1`,
  sentence: {
    zh: '事件触发器“{object}”的函数 {function} 会写入数据：保留期内在两侧同时变更表结构时，两侧各写一行，反向复制会因此冲突而停止。',
    en: 'Function {function} of event trigger "{object}" writes rows: a schema change during retention is made on both sides, so both write them, and the ones that arrive from the other side may collide and stop the way back.',
  },
  remedy: {
    zh: '在迁移期间停用它（alter event trigger {object} disable）',
    en: 'Disable it during the move ("alter event trigger {object} disable")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当写入的行不会冲突（例如以随机 uuid 为主键）。',
      en: 'that is for rows that cannot collide (a random uuid as their key, for example).',
    },
  },
})
