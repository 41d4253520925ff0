import { queryRule } from '../census/rule.ts'

/**
 * The indexes of the new side are made before its rows arrive. https://github.com/pgvector/pgvector#ivfflat: an index that is made on
 * few rows finds few of those that are near.
 */
export const indexTrainedOnRows = queryRule({
  id: 'index-trained-on-rows',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT format('%I.%I', n.nspname, x.relname) AS object, i.indrelid::regclass::text AS "table", m.amname::text AS method
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i' JOIN pg_namespace n ON n.oid = x.relnamespace
      JOIN pg_am m ON m.oid = x.relam AND m.amname IN ('ivfflat', 'vchordrq', 'vectors', 'diskann', 'scann', 'lantern_hnsw')
     ORDER BY 1`,
  sentence: {
    zh: '表“{table}”的索引“{object}”（{method}）按建立时已有的行划分，而新侧的索引建在空表上：切换后的近邻查询会漏掉许多行，且不报错。',
    en: 'Index "{object}" ({method}) of table "{table}" is laid out by the rows there are as it is made, and the new side makes it on an empty table: after a switch, searches for what is near miss many rows without an error.',
  },
  remedy: {
    zh: '复制追平后、切换前，在新侧以管理员重建它（"set default_transaction_read_only = off; reindex index {object}"），其间复制等待，随后追平；并在测试平台比较查询结果。',
    en: 'Build it anew on the new side as its administrator once the rows are there and before the switch ("set default_transaction_read_only = off; reindex index {object}"); replication waits meanwhile and catches up. Compare results on staging.',
  },
})
