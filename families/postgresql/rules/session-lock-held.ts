import { queryRule } from '../census/rule.ts'

/** https://github.com/timescale/prometheus-postgresql-adapter/issues/89 */
export const sessionLockHeld = queryRule({
  id: 'session-lock-held',
  severity: 'warning',
  when: ['assessment'],
  // A lock of a transaction is gone once its session is idle.
  sql: `
    SELECT quote_ident(a.usename) AS object, count(DISTINCT a.pid)::int AS count,
           left(min(coalesce(nullif(a.application_name, ''), '-')), 60) AS application
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND a.state = 'idle' AND a.datname = current_database()
       AND l.database = a.datid AND NOT (a.usename = session_user AND a.application_name ~ '^qianyun')
     GROUP BY a.usename ORDER BY 1`,
  sentence: {
    zh: '角色“{object}”有 {count} 个空闲会话（{application}）持有会话级咨询锁：切换会结束连接池的服务器会话，锁随之释放，而以锁选主的程序若不再确认，会继续以为自己持有，同时另一个也能取得。',
    en: 'Role "{object}" has {count} idle sessions ({application}) that hold advisory locks of the session: a switch ends the sessions of the pooler and with them the locks. A program that elects a leader by one goes on as the leader unless it asks again, while another may take the lock.',
  },
  remedy: {
    zh: '改用事务级锁或带期限的行；否则把重启该程序作为切换后的第一步。经由按事务池化的入口时，会话级锁本就不可靠。',
    en: 'Use locks of the transaction, or a row with an end; otherwise make a restart of that program the first step after a switch. Through an entry that pools by transaction such locks hold for nobody anyway.',
  },
})
