import { answered, pairRule } from '../census/rule.ts'

const id = 'word-of-the-new-version'

/**
 * Words that a version keeps for itself. Those of columns are kept from tables and columns, those of functions from functions, their
 * arguments and types. https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const words = `
      SELECT unnest(string_to_array(list, ' ')) AS word, version, kept FROM (VALUES
        (13, 'function', 'normalize'),
        (16, 'column', 'system_user'),
        (16, 'function', 'json_array json_arrayagg json_object json_objectagg'),
        (17, 'function', 'json json_scalar json_serialize json_exists json_query json_value json_table merge_action')) w (version, kept, list)`

/** The definitions cross, since each name in them is quoted. The application's own statements and the bodies of functions have no quotes. */
export const wordOfTheNewVersion = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  letsGoBack: true,
  looksAt: ['server'],
  sql: `
    WITH words AS (${words}),
    names AS (
      SELECT 'column' AS sort, a.attname::text AS word, format('column %I.%I.%I', n.nspname, c.relname, a.attname) AS object, c.oid, 'pg_class' AS catalog
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT 'column', c.relname, format('table %I.%I', n.nspname, c.relname), c.oid, 'pg_class'
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT 'function', p.proname, format('function %I.%I', n.nspname, p.proname), p.oid, 'pg_proc'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT 'function', w.name, format('argument %s of function %I.%I', w.name, n.nspname, p.proname), p.oid, 'pg_proc'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, unnest(p.proargnames) w (name)
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      UNION ALL
      SELECT 'function', t.typname, format('type %I.%I', n.nspname, t.typname), t.oid, 'pg_type'
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE t.typrelid = 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
    SELECT DISTINCT x.object, w.word, w.version
      FROM names x JOIN words w ON w.word = x.word AND (w.kept = x.sort OR w.kept = 'column')
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = x.oid AND d.classid = x.catalog::regclass AND d.deptype = 'e')
     ORDER BY 1`,
  sentence: {
    zh: '“{object}”使用了“{word}”一词，PostgreSQL {version} 起该词为保留用途：未加引号地写它的语句将出错，或得到别的结果。',
    en: '"{object}" uses the word "{word}", which PostgreSQL keeps for itself since version {version}: a statement that has it without quotes fails, or gives something else.',
  },
  remedy: {
    zh: '改名，或在应用的语句与函数体中为它加上双引号',
    en: 'Rename it, or put it in double quotes in the statements of the application and in the bodies of functions',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当应用处处为它加了引号时。',
      en: 'that is for one that is quoted wherever it is used.',
    },
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})

/** What came with a version that one server has and the other has not. */
export function sinceThen<F extends { readonly values: Readonly<Record<string, string | number>> }>(
  found: readonly F[],
  from: number,
  to: number,
): readonly F[] {
  return found.filter(({ values }) => Number(values['version']) > from && Number(values['version']) <= to)
}
