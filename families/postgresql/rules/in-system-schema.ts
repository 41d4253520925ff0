import { everyMoment, queryRule } from '../census/rule.ts'

/** A dump leaves out what is in the server's own schemas, whoever made it. */
export const inSystemSchema = queryRule({
  id: 'in-system-schema',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    WITH made AS (
      SELECT 'pg_proc'::regclass AS catalog, p.oid, p.pronamespace AS schema,
             CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || p.oid::regprocedure AS object FROM pg_proc p
      UNION ALL
      SELECT 'pg_class'::regclass, c.oid, c.relnamespace,
             CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'S' THEN 'sequence ' ELSE 'table ' END || c.oid::regclass
        FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      UNION ALL
      SELECT 'pg_type'::regclass, t.oid, t.typnamespace, 'type ' || t.oid::regtype FROM pg_type t
       WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
      UNION ALL
      SELECT 'pg_operator'::regclass, o.oid, o.oprnamespace, 'operator ' || o.oid::regoperator FROM pg_operator o)
    SELECT m.object, n.nspname::text AS schema
      FROM made m JOIN pg_namespace n ON n.oid = m.schema AND n.nspname IN ('pg_catalog', 'information_schema')
     WHERE m.oid >= 16384
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = m.catalog AND d.objid = m.oid AND d.deptype IN ('e', 'i'))
     ORDER BY 1`,
  sentence: {
    zh: '“{object}”是建在系统模式“{schema}”中的自有对象：它不会随库迁移，用到它的语句在另一侧将出错。',
    en: '"{object}" was made in the system\'s schema "{schema}": it does not come along, and statements that use it fail on the other side.',
  },
  remedy: {
    zh: '移到自己的模式并列入 search_path（alter {object} set schema public）',
    en: 'Move it to a schema of your own that is in the search path ("alter {object} set schema public")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当无人使用它，或已在另一侧另行建立时。',
      en: 'that is for one that nobody uses, or that somebody makes on the other side by hand.',
    },
  },
})
