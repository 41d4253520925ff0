import { queryRule } from '../census/rule.ts'

/** A copy checks every row by it, also those it was never held against; the first that does not pass ends the copy. */
export const constraintNotValidated = queryRule({
  id: 'constraint-not-validated',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  sql: `
    SELECT quote_ident(coalesce(n.nspname, tn.nspname)) || '.' || quote_ident(coalesce(c.relname, t.typname)) || '.'
             || quote_ident(k.conname) AS object,
           'alter ' || CASE WHEN c.oid IS NULL THEN 'domain ' ELSE 'table ' END || quote_ident(coalesce(n.nspname, tn.nspname))
             || '.' || quote_ident(coalesce(c.relname, t.typname)) || ' validate constraint ' || quote_ident(k.conname) AS statement
      FROM pg_constraint k
      LEFT JOIN pg_class c ON c.oid = nullif(k.conrelid, 0) LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_type t ON t.oid = nullif(k.contypid, 0) LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
     WHERE k.contype IN ('c', 'n') AND NOT k.convalidated AND coalesce(c.relpersistence, 'p') = 'p'
       AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true' AND coalesce(n.nspname, tn.nspname) !~ '^pg_'
     ORDER BY 1`,
  sentence: {
    zh: '约束“{object}”是 NOT VALID：已有的行从未按它检查过，而复制会逐行检查，遇到不符合的行便无法完成。',
    en: 'Constraint "{object}" is NOT VALID: rows that were there before were never held against it, but a copy checks every row and cannot end once one does not pass.',
  },
  remedy: {
    zh: '修正这些行后验证该约束（{statement}）',
    en: 'Correct those rows and validate it ("{statement}")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当所有行都符合时；否则复制会停在第一条不符合的行。',
      en: 'that is for one that all rows pass; else the copy stops at the first that does not.',
    },
  },
})
