import { answered, everyMoment, pairRule } from '../census/rule.ts'

const id = 'owner-without-privileges'

/** Since PostgreSQL 16 changes are applied as the table's owner, who may have revoked what that takes. */
export const ownerWithoutPrivileges = pairRule({
  id,
  severity: 'critical',
  when: everyMoment,
  looksAt: ['server'],
  sql: `
    SELECT format('%I.%I', n.nspname, c.relname) AS object, quote_ident(r.rolname) AS owner,
           (SELECT string_agg(p, ', ') FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
             WHERE NOT has_table_privilege(c.relowner, c.oid, p)) AS missing
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
     WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.relacl IS NOT NULL AND NOT r.rolsuper
       AND NOT (has_table_privilege(c.relowner, c.oid, 'INSERT') AND has_table_privilege(c.relowner, c.oid, 'UPDATE')
                AND has_table_privilege(c.relowner, c.oid, 'DELETE') AND has_table_privilege(c.relowner, c.oid, 'TRUNCATE'))
     ORDER BY 1`,
  sentence: {
    zh: '表“{object}”的所有者“{owner}”没有该表的 {missing} 权限：PostgreSQL 16 起以所有者的身份写入复制的行，复制会一再失败。',
    en: 'Owner "{owner}" of table "{object}" lacks {missing} on it: since PostgreSQL 16 replicated rows are written as the owner, and replication fails over and over.',
  },
  remedy: {
    zh: '授予所有者这些权限（grant {missing} on {object} to {owner}）。',
    en: 'Grant them to the owner ("grant {missing} on {object} to {owner}").',
  },
  find: (facts, other) => (Math.max(facts.server.major, other.server.major) < 16 ? [] : answered(facts, id)),
})
