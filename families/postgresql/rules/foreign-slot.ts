import { queryRule } from '../census/rule.ts'

/** Whoever reads it gets nothing any more once the other side serves; a log that nobody reads fills the disk. */
export const foreignSlot = queryRule({
  id: 'foreign-slot',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck', 'pause'],
  sql: `
    SELECT s.slot_name::text AS object, coalesce(s.plugin::text, '-') AS plugin,
           CASE WHEN s.active THEN coalesce(host(r.client_addr), 'local') || ' ' || coalesce(r.application_name, '') ELSE '-' END
             AS reader
      FROM pg_replication_slots s LEFT JOIN pg_stat_activity r ON r.pid = s.active_pid
     WHERE s.database = current_database() AND s.slot_name !~ '^qianyun_.+_g[0-9]+$'
       AND s.slot_name !~ '^pg_[0-9]+_sync_[0-9]+' AND NOT s.temporary
     ORDER BY 1`,
  sentence: {
    zh: '复制槽“{object}”（插件 {plugin}，读取方：{reader}）是其他系统从本数据库读取变更的通道：切换后它收不到新的变更，在它被读取期间也无法删除该数据库。',
    en: 'Somebody else reads the changes of this database by slot "{object}" (plugin {plugin}, read by: {reader}): after a switch nothing new arrives there, and the database cannot be dropped while it is read.',
  },
  remedy: {
    zh: '与其所有者商定割接时如何改接切换后在用的一侧，随后删除该复制槽',
    en: 'Agree with its owner how it is attached to the side that serves afterwards, and drop the slot then',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '它保持原样，其所有者自行改接。',
      en: 'it is left as it is, and its owner attaches it anew.',
    },
  },
})
