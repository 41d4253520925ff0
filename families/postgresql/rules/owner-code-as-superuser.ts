import { functionsUsed } from '../census/functions-used.ts'
import { queryRule } from '../census/rule.ts'

/**
 * Servers before 16 apply changes as the subscription's owner, a superuser, and a poured copy is written as one: functions in checks,
 * domains, generated columns and indexes then run with more rights than who wrote them. From 16 on, apply runs as the table's owner.
 * https://www.postgresql.org/docs/16/release-16.html (logical replication: run_as_owner)
 */
export const ownerCodeAsSuperuser = queryRule({
  id: 'owner-code-as-superuser',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    WITH used AS (${functionsUsed(`d.classid = 'pg_trigger'::regclass AND EXISTS (
                SELECT FROM pg_trigger t WHERE t.oid = d.objid AND t.tgenabled IN ('A', 'R'))`)})
    SELECT p.oid::regprocedure::text AS object, quote_ident(r.rolname) AS role, u.by
      FROM used u JOIN pg_proc p ON p.oid = u.oid JOIN pg_roles r ON r.oid = p.proowner
     WHERE NOT r.rolsuper AND p.pronamespace IS DISTINCT FROM to_regnamespace('qianyun')
     ORDER BY 1`,
  sentence: {
    zh: '角色“{role}”的函数“{object}”（用于 {by}）在灌入副本时，以及在 16 以前版本的服务器跟随另一侧时，以超级用户的权限执行。',
    en: 'Function "{object}" of role "{role}" (used by {by}) runs with a superuser\'s rights while a copy is poured, and on a server before PostgreSQL 16 while it follows the other side.',
  },
  remedy: {
    zh: '迁移前审阅函数体；在割接与保留期内，凡能修改它的人都须是可以信任其掌管整台服务器的人。',
    en: 'Read its body before the move; until the old side is given up, let nobody change it who is not trusted with the whole server.',
  },
})
