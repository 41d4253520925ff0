import { answered, pairRule } from '../census/rule.ts'

const id = 'build-lacks-xml'

/** https://github.com/supabase/postgres/issues/235 */
export const buildLacksXml = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['build'],
  sql: `
    SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('xml'::regtype, 'xml[]'::regtype)
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT p.oid::regprocedure::text
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
     WHERE l.lanname IN ('sql', 'plpgsql') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND p.prosrc ~* '\\m(xmlelement|xmlforest|xmlagg|xmlparse|xmlroot|xmltable|xpath|xpath_exists|query_to_xml|table_to_xml)\\s*\\(|::\\s*xml\\M'
     ORDER BY 1`,
  sentence: {
    zh: '“{object}”使用 XML，而{there}的构建不支持（未带 libxml）：写入或计算 XML 的语句会失败。',
    en: '"{object}" uses XML, which the server of {there} is built without (libxml): statements that write or compute XML fail there, and so does the copy.',
  },
  remedy: {
    zh: '采用带 libxml 的构建（发行版与 apt.postgresql.org 的软件包均带）。',
    en: 'Take a build that has it, as the packages of distributions and of apt.postgresql.org do.',
  },
  find: (facts, other) =>
    facts.canDo['xml'] === true && other.canDo['xml'] === false ? answered(facts, id) : [],
})
