import { functionsUsed } from '../census/functions-used.ts'
import { everyMoment, queryRule } from '../census/rule.ts'

/**
 * A copy, the apply of changes, the refresh of a view and the building of an index run under an empty search path. Bodies
 * are text to PostgreSQL, so what they name is found by looking for names without a schema before them. Functions of extensions count as well:
 * where the new server brings a version that names its schemas, changes on the way back are still applied by the old one.
 * https://github.com/diogob/activerecord-postgres-earthdistance/issues/30
 */
export const functionNeedsSearchPath = queryRule({
  id: 'function-needs-search-path',
  severity: 'critical',
  when: everyMoment,
  sql: `
    WITH used AS (${functionsUsed(`d.classid = 'pg_rewrite'::regclass AND EXISTS (
                SELECT FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'm' WHERE r.oid = d.objid)`)}),
    bodies AS (
      SELECT p.proargtypes::oid[] AS args, p.oid::regprocedure::text AS object, u.by,
             regexp_replace(regexp_replace(regexp_replace(p.prosrc, '--[^\\n]*', ' ', 'g'), '/\\*.*?\\*/', ' ', 'g'),
                            $q$'(''|[^'])*'$q$, ' ', 'g') AS body
        FROM used u JOIN pg_proc p ON p.oid = u.oid JOIN pg_language l ON l.oid = p.prolang
       WHERE l.lanname IN ('sql', 'plpgsql') AND to_jsonb(p) ->> 'prosqlbody' IS NULL
         AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s ~* '^search_path=')),
    names AS (
      SELECT n.nspname || '.' || c.relname AS name,
             '\\m(from|join|into|update|only|table)\\s+"?' || regexp_replace(c.relname, '([^\\w])', '\\\\\\1', 'g') || '"?(?![\\w.])|(^|[^\\w."])"?'
               || regexp_replace(c.relname, '([^\\w])', '\\\\\\1', 'g') || '"?(%rowtype|\\.[\\w"]+%type)' AS pattern
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT n.nspname || '.' || p.proname,
             '(^|[^\\w."])"?' || regexp_replace(p.proname, '([^\\w])', '\\\\\\1', 'g') || '"?\\s*\\('
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT n.nspname || '.' || t.typname,
             '(::\\s*|\\mas\\s+)"?' || regexp_replace(t.typname, '([^\\w])', '\\\\\\1', 'g') || '"?(?![\\w.])'
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typtype IN ('d', 'e', 'c', 'r', 'b')
         AND t.typcategory <> 'A'),
    -- The name of an operator tells nothing without the types it stands between. Those that compare stand between others as well.
    operators AS (
      SELECT n.nspname || '.' || o.oprname AS name, o.oprleft, o.oprright, o.oprname IN ('=', '<>', '<', '>', '<=', '>=') AS compares,
             '(^|[^-+*/<>=~!@#%^&|\x60?.:])' || regexp_replace(o.oprname, '(.)', '\\\\\\1', 'g') || '($|[^-+*/<>=~!@#%^&|\x60?])' AS pattern
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
    found AS (
      SELECT b.object, b.by, x.name FROM bodies b JOIN names x ON b.body ~* x.pattern
      UNION ALL
      SELECT b.object, b.by, o.name FROM bodies b JOIN operators o ON b.body ~ o.pattern
       WHERE o.oprleft = ANY (b.args) AND (NOT o.compares OR (o.oprleft = ALL (b.args) AND o.oprright = o.oprleft))
          OR o.oprright = ANY (b.args) AND NOT o.compares)
    SELECT object, by, min(name) AS named FROM found GROUP BY 1, 2 ORDER BY 1`,
  sentence: {
    zh: '函数“{object}”（用于 {by}）不带模式地引用“{named}”；复制、刷新物化视图与建索引都在空的 search_path 下进行，届时找不到它。',
    en: 'Function "{object}" (used by {by}) names "{named}" without its schema; replication, refreshes and index builds run under an empty search path and do not find it.',
  },
  remedy: {
    zh: '为函数固定搜索路径（alter function {object} set search_path = public），或在函数体内写明模式',
    en: 'Give the function a search path of its own ("alter function {object} set search_path = public"), or write the schema in its body',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当它在空的 search_path 下也能执行时。',
      en: 'that is for one that runs under an empty search path all the same.',
    },
  },
})
