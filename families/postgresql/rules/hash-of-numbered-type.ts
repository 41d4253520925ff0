import { queryRule } from '../census/rule.ts'

/**
 * The hash of an enum's label goes by its number, which each server gives by itself; replication sends the rows of each partition to the
 * partition of the same name. https://www.postgresql.org/docs/18/app-pgdump.html (--load-via-partition-root)
 */
export const hashOfNumberedType = queryRule({
  id: 'hash-of-numbered-type',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  sql: `
    SELECT format('%I.%I', n.nspname, c.relname) AS object, string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, NULL), ', ') AS columns
      FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = any (p.partattrs::int2[])
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), nullif(t.typelem, 0))
     WHERE p.partstrat = 'h' AND (t.typtype = 'e' OR b.typtype = 'e' OR t.oid IN ('regclass'::regtype, 'regtype'::regtype, 'regrole'::regtype, 'regproc'::regtype, 'regprocedure'::regtype))
     GROUP BY 1 ORDER BY 1`,
  sentence: {
    zh: '表“{object}”按 {columns} 的哈希分区，而该类型的哈希取决于每台服务器自己编的号：同一行在另一台服务器上属于另一个分区，复制无法完成。',
    en: 'Table "{object}" is partitioned by the hash of {columns}, which goes by numbers that each server gives by itself: on the other server a row belongs to another partition, and the copy cannot end.',
  },
  remedy: {
    zh: '改按文本或整数列的哈希、或按列表分区后再迁移。',
    en: 'Partition it by the hash of a text or a number, or by a list, before the move.',
  },
})
