import { everyMoment, queryRule } from '../census/rule.ts'

/** Catalogs with rights: the column of the number, of the rights, and of the owner. */
const catalogs = [
  ['pg_class', 'relacl', 'relowner'],
  ['pg_proc', 'proacl', 'proowner'],
  ['pg_namespace', 'nspacl', 'nspowner'],
  ['pg_type', 'typacl', 'typowner'],
  ['pg_language', 'lanacl', 'lanowner'],
  ['pg_default_acl', 'defaclacl', 'defaclrole'],
  ['pg_foreign_server', 'srvacl', 'srvowner'],
  ['pg_foreign_data_wrapper', 'fdwacl', 'fdwowner'],
] as const

/** Of a database only its own row counts: the others are in other databases' moves. */
const held = [
  ...catalogs.map(
    ([catalog, rights, owner]) =>
      `select '${catalog}'::regclass as catalog, oid, 0 as sub, '${rights}' as rights, ${rights} as acl, ${owner} as owner from ${catalog}`,
  ),
  `select 'pg_database'::regclass, oid, 0, 'datacl', datacl, datdba from pg_database where datname = current_database()`,
  `select 'pg_largeobject_metadata'::regclass, oid, 0, 'lomacl', lomacl, lomowner from pg_largeobject_metadata`,
  `select 'pg_attribute'::regclass, attrelid, attnum, 'attacl', attacl, null from pg_attribute where attacl is not null`,
].join('\n union all ')

/**
 * Rights of a role that was removed past DROP ROLE keep its number; pg_dump writes the number where a role belongs, and no server takes that.
 * No statement names such a role, so the remedy is one on the catalog.
 */
export const roleGone = queryRule({
  id: 'role-gone',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    WITH held AS (${held}),
     gone AS (
       SELECT h.*, x.role, false AS owns FROM held h, aclexplode(h.acl) a, LATERAL (VALUES (a.grantee), (a.grantor)) x (role)
        WHERE x.role <> 0 AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = x.role)
       UNION ALL
       SELECT h.*, h.owner, true FROM held h WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = h.owner) AND h.owner IS NOT NULL)
    SELECT DISTINCT o.identity AS object, g.role::text AS role,
           CASE WHEN g.owns THEN format('alter %s %s owner to ROLE', o.type, o.identity)
                ELSE format($$update %s set %I = (select array_agg(a) from unnest(%I) a where a::text !~ '(^|/)%s(=|$)') where %s$$,
                       g.catalog, g.rights, g.rights, g.role,
                       CASE WHEN g.sub = 0 THEN format('oid = %s', g.oid) ELSE format('attrelid = %s and attnum = %s', g.oid, g.sub) END)
           END AS statement
      FROM gone g, pg_identify_object(CASE WHEN g.sub = 0 THEN g.catalog ELSE 'pg_class'::regclass END, g.oid, g.sub) o
     WHERE o.identity IS NOT NULL
     ORDER BY 1, 2`,
  sentence: {
    zh: '“{object}”的属主或权限属于编号 {role} 的角色，而该角色已不在角色目录中：结构导出会写出这个编号，另一侧会拒绝。',
    en: 'The owner of "{object}", or a right on it, is a role with the number {role} that is gone from the catalog of roles: a dump of the schema writes the number, and the other side refuses it.',
  },
  remedy: {
    zh: '请以超级用户在{here}执行“{statement}”（ROLE 为应有的属主），然后重新执行',
    en: 'As a superuser on {here}, run "{statement}" (ROLE is who is to own it), then run this again',
  },
})
