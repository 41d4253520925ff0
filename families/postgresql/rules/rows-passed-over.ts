import { answered, pairRule } from '../census/rule.ts'
import { missingRows } from './missing-rows.ts'

const id = 'rows-passed-over'

/**
 * An update or a delete whose row the subscriber lacks is passed over, without an error: a transaction was skipped, or somebody wrote there.
 * Servers count it since PostgreSQL 18, from when the subscription was made.
 * https://www.postgresql.org/docs/18/logical-replication-conflicts.html
 */
export const rowsPassedOver = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'precheck'],
  looksAt: ['server'],
  // The view came with 15, and the columns with 18.
  needs: 'pg_catalog.pg_stat_subscription_stats',
  sql: `
    SELECT quote_ident(current_database()) AS object, f.*
      FROM (SELECT coalesce(sum((to_jsonb(c) ->> 'confl_update_missing')::bigint), 0) AS updates,
                   coalesce(sum((to_jsonb(c) ->> 'confl_delete_missing')::bigint), 0) AS deletes
              FROM pg_stat_subscription_stats c JOIN pg_subscription s ON s.oid = c.subid
              JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()) f
     WHERE f.updates + f.deletes > 0`,
  sentence: {
    zh: '{there}跟随数据库“{object}”时，有 {updates} 次更新和 {deletes} 次删除找不到行而被跳过，且不报错：那里缺少的内容曾在复制中被跳过，或有人在那一侧改动过。',
    en: 'As {there} followed database "{object}", {updates} updates and {deletes} deletes met no row there and were passed over, without an error: what is missing was skipped in replication, or somebody has written on that side.',
  },
  ...missingRows,
  find: (_facts, other) => answered(other, id),
})
