import { answered, pairRule } from '../census/rule.ts'
import { transactionSkipped as tag } from '../replication/ddl-freeze.ts'
import { missingRows } from './missing-rows.ts'

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
  needs: 'qianyun.ddl',
  sql: `
    SELECT quote_ident(current_database()) AS object, d.by_role AS role, to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
      FROM qianyun.ddl d
     WHERE d.command = '${tag}'
       AND d.object IN (SELECT quote_ident(s.subname) FROM pg_subscription s
                          JOIN pg_database b ON b.oid = s.subdbid AND b.datname = current_database())
     ORDER BY d.at DESC LIMIT 1`,
  sentence: {
    zh: '在{there}，“{role}”于 {at} 让数据库“{object}”的复制跳过了一个事务（ALTER SUBSCRIPTION … SKIP）：该事务的其他行同样没有写入，而复制看上去一切正常。',
    en: 'On {there}, "{role}" had the replication of database "{object}" skip a transaction (ALTER SUBSCRIPTION … SKIP) at {at}: its other rows are missing there as well, while replication looks healthy.',
  },
  ...missingRows,
  find: (_facts, other) => answered(other, id),
})
