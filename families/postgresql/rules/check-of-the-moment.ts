import { queryRule } from '../census/rule.ts'

/** Such a check is made once, as a row is written; the side that follows makes it again, later and as somebody else. */
export const checkOfTheMoment = queryRule({
  id: 'check-of-the-moment',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  sql: `
    SELECT quote_ident(coalesce(n.nspname, tn.nspname)) || '.' || quote_ident(coalesce(c.relname, t.typname)) || '.'
             || quote_ident(k.conname) AS object,
           left(pg_get_constraintdef(k.oid), 200) AS definition
      FROM pg_constraint k
      LEFT JOIN pg_class c ON c.oid = nullif(k.conrelid, 0) LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_type t ON t.oid = nullif(k.contypid, 0) LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
     WHERE k.contype = 'c' AND coalesce(c.relpersistence, 'p') = 'p' AND coalesce(n.nspname, tn.nspname) !~ '^pg_'
       AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
       AND regexp_replace(pg_get_constraintdef(k.oid), $q$'(''|[^'])*'$q$, '', 'g') ~
         '\\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|current_setting|pg_backend_pid|inet_client_addr|version)\\(|\\m(CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP|CURRENT_USER|CURRENT_ROLE|SESSION_USER|USER|CURRENT_SCHEMA)\\M'
     ORDER BY 1`,
  sentence: {
    zh: '约束“{object}”取决于检查的时刻或执行者（{definition}）：复制时会在另一侧、以另一角色重新检查，曾经通过的行可能不再通过。',
    en: 'Constraint "{object}" depends on when or by whom it is checked ({definition}): the side that follows checks every row again, later and as another role, and rows that passed once may not pass then.',
  },
  remedy: {
    zh: '改用触发器检查，或删除该约束',
    en: 'Check it in a trigger instead, or drop it',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当已通过的行永远通过时（例如“不晚于当前时间”）。',
      en: 'that is for one that a row which passed once passes for ever ("not later than now", for example).',
    },
  },
})
