import { queryRule } from '../census/rule.ts'

/** What a concurrent build that failed has left. A dump leaves it out. */
export const indexNotValid = queryRule({
  id: 'index-not-valid',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT i.indexrelid::regclass::text AS object, i.indrelid::regclass::text AS "table",
           CASE WHEN i.indisunique THEN 'unique' ELSE 'not unique' END AS sort
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
     WHERE x.relkind = 'i' AND NOT (i.indisvalid AND i.indisready) AND n.nspname !~ '^pg_(toast|temp)'
     ORDER BY 1`,
  sentence: {
    zh: '表“{table}”的索引“{object}”无效（多为并发建索引失败的残留）：它不会随库迁移。',
    en: 'Index "{object}" of table "{table}" is not valid, as a failed concurrent build leaves it: it does not come along.',
  },
  remedy: {
    zh: '若需要它，先修正数据再重建（reindex index concurrently {object}）；否则删除。',
    en: 'If it is needed, correct the rows and build it anew ("reindex index concurrently {object}"); otherwise drop it.',
  },
})
