import { everyMoment, queryRule } from '../census/rule.ts'

/**
 * The log tells the changes of rows only where the server's own storage writes them, or one built upon it.
 * https://github.com/citusdata/citus/blob/main/src/backend/columnar/README.md
 */
export const tableOfOtherStorage = queryRule({
  id: 'table-of-other-storage',
  severity: 'critical',
  when: everyMoment,
  sql: `
    SELECT format('%I.%I', n.nspname, c.relname) AS object, m.amname::text AS storage
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND m.amhandler <> 'heap_tableam_handler'::regproc
       AND m.amname NOT IN ('tde_heap', 'tde_heap_basic') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ORDER BY 1`,
  sentence: {
    zh: '表“{object}”采用存储方式“{storage}”而非服务器自带的 heap：其行会被首次复制带走，之后的修改不会复制。',
    en: 'Table "{object}" is stored by access method "{storage}" and not by that of the server (heap): its rows come with the first copy, and no changes of it are replicated afterwards.',
  },
  remedy: {
    zh: '迁移前改为 heap（PostgreSQL 15 起：alter table {object} set access method heap）',
    en: 'Store it as heap before the move (since PostgreSQL 15 by "alter table {object} set access method heap")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当它在迁移期间不再写入时。',
      en: 'that is for a table that nobody writes to during the move.',
    },
  },
})
