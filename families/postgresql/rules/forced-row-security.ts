import { answered, everyMoment, pairRule } from '../census/rule.ts'

const id = 'forced-row-security'

/** Since PostgreSQL 16 changes are applied as the table's owner, whom FORCE makes subject to its policies. */
export const forcedRowSecurity = pairRule({
  id,
  severity: 'critical',
  when: everyMoment,
  looksAt: ['server'],
  sql: `
    SELECT format('%I.%I', n.nspname, c.relname) AS object, quote_ident(r.rolname) AS owner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
     WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity
       AND NOT r.rolsuper AND NOT r.rolbypassrls ORDER BY 1`,
  sentence: {
    zh: '表“{object}”为 FORCE ROW LEVEL SECURITY：PostgreSQL 16 起以表的所有者“{owner}”的身份写入复制的行，所有者受策略约束，复制会一再失败。',
    en: 'Table "{object}" has FORCE ROW LEVEL SECURITY: since PostgreSQL 16 replicated rows are written as its owner "{owner}", who is subject to the policies then, and replication fails over and over.',
  },
  remedy: {
    zh: '迁移期间取消 FORCE（alter table {object} no force row level security），或准许所有者绕过（alter role {owner} bypassrls）。',
    en: 'Take FORCE off while the move lasts ("alter table {object} no force row level security"), or let the owner pass ("alter role {owner} bypassrls").',
  },
  find: (facts, other) => (Math.max(facts.server.major, other.server.major) < 16 ? [] : answered(facts, id)),
})
