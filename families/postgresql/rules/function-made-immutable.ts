import { functionsUsed } from '../census/functions-used.ts'
import { queryRule } from '../census/rule.ts'

/** Functions of the server and of extensions that no version marks IMMUTABLE, and that people mark so to index what they give. */
const neverImmutable = `
  ('unaccent', 'unaccent'), ('pg_catalog', 'to_tsvector'), ('pg_catalog', 'to_char'), ('pg_catalog', 'date_trunc'), ('pg_catalog', 'date_part'),
  ('pg_catalog', 'age'), ('pg_catalog', 'now'), ('pg_catalog', 'concat'), ('pg_catalog', 'concat_ws'), ('pg_catalog', 'format'),
  ('pg_catalog', 'array_to_string')`

/** The stock volatility of those that have several signatures. */
const stable = `(p.proname NOT IN ('to_tsvector', 'to_char', 'date_trunc', 'date_part', 'age')
  OR p.proname = 'to_tsvector' AND p.proargtypes[0] <> 'regconfig'::regtype
  OR p.proname = 'to_char' AND p.proargtypes[0] IN ('timestamptz'::regtype, 'timestamp'::regtype, 'numeric'::regtype, 'int4'::regtype, 'int8'::regtype, 'float4'::regtype, 'float8'::regtype, 'interval'::regtype)
  OR p.proname IN ('date_trunc', 'date_part') AND p.proargtypes[1] = 'timestamptz'::regtype
  OR p.proname = 'age' AND p.pronargs = 1)`

/**
 * What somebody changed of the server's own functions, or of an extension's, is in no dump. https://github.com/odoo/odoo/pull/97294,
 * https://github.com/umap-project/umap/issues/519
 */
export const functionMadeImmutable = queryRule({
  id: 'function-made-immutable',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  sql: `
    SELECT p.oid::regprocedure::text AS object, u.by
      FROM (${functionsUsed('false')}) u JOIN pg_proc p ON p.oid = u.oid JOIN pg_namespace n ON n.oid = p.pronamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
     WHERE p.provolatile = 'i' AND (coalesce(e.extname, n.nspname), p.proname) IN (VALUES ${neverImmutable}) AND ${stable}
     ORDER BY 1`,
  sentence: {
    zh: '函数“{object}”由服务器或扩展提供，被手工改为 IMMUTABLE，且用于 {by}：转储不含此改动，另一侧的服务器将拒绝建立它。',
    en: 'Function "{object}" comes with the server or an extension, was marked IMMUTABLE by hand, and is used by {by}: no dump contains that change, and the other server refuses to make what uses it.',
  },
  remedy: {
    zh: '另建一个 IMMUTABLE 函数调用它（写明模式，如 select public.unaccent(…)），索引与生成列改用该函数，再将它改回 STABLE',
    en: 'Make a function of your own that is IMMUTABLE and calls it with its schema ("select public.unaccent(…)"), let indexes and generated columns use that one, and mark it STABLE again',
  },
})
