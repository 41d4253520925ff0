import { isApplyRole } from '../replication/apply-role-name.ts'
import { answered, pairRule } from '../census/rule.ts'

const id = 'role-makes-roles'

/** Since PostgreSQL 16 CREATEROLE is no right over roles that one has not made. https://www.postgresql.org/docs/16/release-16.html */
export const roleMakesRoles = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  letsGoBack: true,
  looksAt: ['server'],
  sql: `
    SELECT quote_ident(r.rolname) AS object,
           string_agg(quote_ident(o.rolname), ', ' ORDER BY o.rolname) AS others,
           string_agg(format('grant %I to %I with admin option', o.rolname, r.rolname), '; ' ORDER BY o.rolname) AS statement
      FROM pg_roles r JOIN pg_roles o ON o.oid <> r.oid AND NOT o.rolsuper AND o.rolname !~ '^pg_' AND NOT ${isApplyRole('o.rolname')}
       AND EXISTS (SELECT FROM pg_auth_members m WHERE r.oid IN (m.roleid, m.member) AND o.oid IN (m.roleid, m.member)
                   UNION ALL
                   SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = o.oid
                      AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
     WHERE r.rolcreaterole AND NOT r.rolsuper
       AND has_database_privilege(r.oid, current_database(), 'CONNECT')
       AND EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
                      AND (d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                           OR d.classid = 'pg_database'::regclass AND d.objid = (SELECT oid FROM pg_database WHERE datname = current_database())))
       AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid = o.oid AND m.admin_option)
     GROUP BY r.rolname ORDER BY 1`,
  sentence: {
    zh: '角色“{object}”以 CREATEROLE 管理其他角色（{others}）；PostgreSQL 16 起，没有 ADMIN 选项便不能再修改、授予或删除它们。',
    en: 'Role "{object}" has CREATEROLE, by which it manages other roles ({others}); since PostgreSQL 16 it may not change, grant or drop them without the ADMIN option.',
  },
  remedy: {
    zh: '在{here}授予 ADMIN 选项，它会随角色带到{there}（{statement}）',
    en: 'Grant it the ADMIN option on {here}, which comes along to {there} ("{statement}")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当应用不管理这些角色时。',
      en: 'that is for an application that does not manage these roles.',
    },
  },
  find: (facts, other) => (facts.server.major < 16 && other.server.major >= 16 ? answered(facts, id) : []),
})
