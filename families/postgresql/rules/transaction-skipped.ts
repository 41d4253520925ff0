import { answered, pairRule } from '../census/rule.ts'
import { transactionSkipped as tag } from '../replication/ddl-freeze.ts'

const id = 'transaction-skipped'

/**
 * A transaction that cannot be applied is skipped as a whole, with all its other rows; replication goes on as if nothing were missing.
 * https://www.postgresql.org/docs/current/logical-replication-conflicts.html
 */
export const transactionSkipped = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'precheck'],
  looksAt: ['server'],
  // The record is there once replication has begun.
  sql: `
    SELECT quote_ident(current_database()) AS object, f.role, f.at
      FROM query_to_xml(
             CASE WHEN to_regclass('qianyun.ddl') IS NULL THEN 'SELECT NULL::text AS role WHERE false'
             ELSE 'SELECT by_role AS role, to_char(at AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"'') AS at FROM qianyun.ddl d
                    WHERE d.command = ''${tag}''
                      AND d.object IN (SELECT quote_ident(s.subname) FROM pg_catalog.pg_subscription s
                                         JOIN pg_catalog.pg_database b ON b.oid = s.subdbid AND b.datname = current_database())
                    ORDER BY d.at DESC LIMIT 1' END, false, false, '') x,
           LATERAL (SELECT substring(x::text FROM '<role>(.*?)</role>') AS role, substring(x::text FROM '<at>(.*?)</at>') AS at) f
     WHERE f.at IS NOT NULL`,
  sentence: {
    zh: '在{there}，“{role}”于 {at} 让数据库“{object}”的复制跳过了一个事务（ALTER SUBSCRIPTION … SKIP）：该事务的其他行同样没有写入，而复制看上去一切正常。',
    en: 'On {there}, "{role}" had the replication of database "{object}" skip a transaction (ALTER SUBSCRIPTION … SKIP) at {at}: its other rows are missing there as well, while replication looks healthy.',
  },
  remedy: {
    zh: '比对两侧全部表（postgres-verify）；不一致时重新复制全部数据（复制步骤加 replace: true；回退方向用 qianyun retention rearm）',
    en: 'Compare the tables of both sides (postgres-verify). Where they differ, copy everything anew (the replication step with "replace: true"; on the way back "qianyun retention rearm")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当此后已比对过两侧全部表且一致时。',
      en: 'that is where all tables of both sides were compared since, and are alike.',
    },
  },
  find: (_facts, other) => answered(other, id),
})
