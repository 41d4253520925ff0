import { queryRule } from '../census/rule.ts'

/** Readers of a standby come past every entry, and nothing tells them of a switch. */
export const standbyFollows = queryRule({
  id: 'standby-follows',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT coalesce(nullif(r.application_name, ''), 'walreceiver') || ' ' || coalesce(host(r.client_addr), 'local') AS object, r.sync_state AS state
      FROM pg_stat_replication r
     WHERE r.state IN ('streaming', 'catchup')
       AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
     ORDER BY 1`,
  sentence: {
    zh: '备库“{object}”（{state}）跟随旧服务器：切换后从它读取的客户端仍读旧侧，保留期内由反向复制保持更新，旧侧下线后即失去；新服务器尚无备库。',
    en: 'Standby "{object}" ({state}) follows the old server: after a switch its readers still read the old side, which is kept current during retention and is gone afterwards; the new server has no such standby.',
  },
  remedy: {
    zh: '为新服务器建立备库，并与读取方商定何时改接；备份与归档也须在新侧建立。',
    en: 'Give the new server a standby, and agree with the readers when they change over; set up backups and archiving there too.',
  },
})
