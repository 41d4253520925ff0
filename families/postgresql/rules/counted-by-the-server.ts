import { everyMoment, queryRule } from '../census/rule.ts'

const calls =
  '\\m(txid_current|txid_current_if_assigned|txid_current_snapshot|pg_current_xact_id|pg_current_xact_id_if_assigned|pg_current_snapshot|pg_current_wal_lsn|pg_current_wal_insert_lsn)\\M'

/**
 * Each server counts its transactions and its log by itself. A reader that keeps the last number it has seen finds nothing newer until
 * the other server has counted that far. https://github.com/postgres/postgres/blob/REL8_3_STABLE/contrib/txid/README.txid
 */
export const countedByTheServer = queryRule({
  id: 'counted-by-the-server',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object, format_type(a.atttypid, NULL) AS what
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
       AND (format_type(coalesce(nullif(t.typbasetype, 0), nullif(t.typelem, 0), t.oid), NULL) IN ('xid8', 'xid', 'pg_snapshot', 'txid_snapshot', 'pg_lsn')
            OR pg_get_expr(f.adbin, f.adrelid) ~* '${calls}')
    UNION ALL
    SELECT p.oid::regprocedure::text, substring(p.prosrc FROM '${calls}')
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
     WHERE l.lanname IN ('sql', 'plpgsql') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
       AND p.prosrc ~* '${calls}'
    UNION ALL
    SELECT format('%I.%I', n.nspname, c.relname), 'xmin'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class = c.oid
                    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid IN (-2, -4)
                      AND d.refobjid <> c.oid AND d.refobjid >= 16384)
     ORDER BY 1`,
  sentence: {
    zh: '“{object}”用到服务器自己的计数（{what}：事务号、快照或日志位置）：另一侧的服务器从另一个数开始；按这些数续读的队列或增量同步会漏读。',
    en: '"{object}" uses what each server counts by itself ({what}: transactions, snapshots, log positions): the server of the other side is elsewhere, and a queue or an incremental reader that goes by the last number it has seen misses rows.',
  },
  remedy: {
    zh: '改用序列或时间；或在其尚空时把另一侧服务器的计数调到本侧之上（pg_resetwal --epoch），并在切换后让读取方重新全读',
    en: 'Use a sequence instead; or lift the counter of the other server above that of this one while that is empty ("pg_resetwal --epoch"), and let readers read everything anew after a switch',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当只写入而从不比较，或读取方已另有安排时。',
      en: 'that is for numbers that nobody compares, or whose readers begin anew after each switch.',
    },
  },
})
