import { queryRule } from '../census/rule.ts'
import { foreignWorkers } from '../server/sessions.ts'

/** Such a process logs in nowhere: neither the entry nor a fence stops it. */
export const backgroundWorker = queryRule({
  id: 'background-worker',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck', 'pause'],
  sql: `
    SELECT a.backend_type AS object, count(*)::int AS count, string_agg(a.pid::text, ', ' ORDER BY a.pid) AS pids,
           quote_ident(current_database()) AS database
      FROM pg_stat_activity a WHERE a.datname = current_database() AND ${foreignWorkers}
       AND a.backend_type NOT LIKE 'logical replication%' GROUP BY 1 ORDER BY 1`,
  sentence: {
    zh: '数据库“{database}”中有 {count} 个后台进程“{object}”在运行（进程 {pids}）：拦截对它无效，切换后它会继续在离开的一侧运行。',
    en: 'Background worker "{object}" runs in database "{database}" (processes {pids}): no fence stops it, and after a switch it goes on at the side that was left.',
  },
  remedy: {
    zh: '按其扩展的说明在本数据库停用它',
    en: 'Switch it off for this database, as its extension says',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当它不写入任何数据时。',
      en: 'that is for a worker that writes nothing.',
    },
  },
})
