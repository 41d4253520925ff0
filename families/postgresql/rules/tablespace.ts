import { queryRule } from '../census/rule.ts'

export const tablespace = queryRule({
  id: 'tablespace',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT quote_ident(s.spcname) AS object, count(*)::int AS count
      FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace
     WHERE c.reltablespace <> 0 AND s.spcname !~ '^pg_' GROUP BY 1 ORDER BY 1`,
  sentence: {
    zh: '表空间“{object}”存放 {count} 个表和索引；在新侧中它们都位于默认表空间。',
    en: 'Tablespace "{object}" holds {count} tables and indexes; on the new side they lie in the default tablespace.',
  },
  remedy: {
    zh: '确认新服务器默认存储的容量与速度足够。',
    en: "Make sure that the new server's own storage is large and fast enough for them.",
  },
})
