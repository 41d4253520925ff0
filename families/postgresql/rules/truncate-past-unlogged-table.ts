import { everyMoment, queryRule } from '../census/rule.ts'

/** The truncation arrives without the unlogged table, which refers to the one that is to be emptied. */
export const truncatePastUnloggedTable = queryRule({
  id: 'truncate-past-unlogged-table',
  severity: 'critical',
  when: everyMoment,
  sql: `
    SELECT format('%I.%I.%I', n.nspname, c.relname, k.conname) AS object,
           format('%I.%I', fn.nspname, f.relname) AS referred
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
     WHERE k.contype = 'f' AND c.relpersistence = 'u' AND f.relpersistence = 'p' ORDER BY 1`,
  sentence: {
    zh: 'UNLOGGED 表的外键“{object}”引用“{referred}”：对后者执行 TRUNCATE … CASCADE 会使复制永久中断。',
    en: 'Foreign key "{object}" of an unlogged table refers to "{referred}": a TRUNCATE … CASCADE of that stops replication for good.',
  },
  remedy: {
    zh: '将该表改为普通表，或删除此外键',
    en: 'Make the table logged, or drop the foreign key',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当应用从不以 TRUNCATE 清空被引用的表时。',
      en: 'that is for an application that never truncates the table referred to.',
    },
  },
})
