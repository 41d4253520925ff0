import { everyMoment, queryRule } from '../census/rule.ts'

/** Those that fire as usual are passed by: our sessions are ones of replication, and rows arrive without commands. */
export const eventTriggerAlways = queryRule({
  id: 'event-trigger-always',
  severity: 'critical',
  when: everyMoment,
  sql: `
    SELECT quote_ident(e.evtname) AS object, e.evtevent AS event,
           CASE e.evtenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE 'ENABLE' END AS mode
      FROM pg_event_trigger e
     WHERE e.evtname NOT IN ('qianyun_ddl', 'qianyun_drop')
       AND (e.evtenabled IN ('A', 'R') OR e.evtevent = 'login' AND e.evtenabled <> 'D') ORDER BY 1`,
  sentence: {
    zh: '事件触发器“{object}”（{event}，{mode}）也会在迁移自身的会话中触发：它可能拒绝复制的语句或登录，或以管理员身份执行其函数。',
    en: 'Event trigger "{object}" ({event}, {mode}) fires in the sessions of the move as well: it may refuse statements of replication, or logins, and its function runs with the rights of the administrator.',
  },
  remedy: {
    zh: '改为普通方式（alter event trigger {object} enable）；登录触发器请在迁移期间停用',
    en: 'Enable it as usual ("alter event trigger {object} enable"); disable one for logins during the move',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当其函数不写入、不拒绝，且归超级用户所有时。',
      en: 'that is for one whose function writes nothing, refuses nothing, and belongs to a superuser.',
    },
  },
})
