import { answered, pairRule } from '../census/rule.ts'
import { goneNames } from './gone-names.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'gone-in-statements'

/**
 * What clients ask of the catalog and of statistics, monitoring above all, is in no dump: it fails once they are led to the new server.
 * https://github.com/prometheus-community/postgres_exporter/issues/1114
 */
export const goneInStatements = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  // Only a superuser can make the extension. Its view is there without the library, and fails then.
  sql: `
    WITH ${goneNames},
    kept AS (
      SELECT quote_ident(n.nspname) || '.pg_stat_statements' AS view
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' AND d.refobjid = e.oid
       WHERE e.extname = 'pg_stat_statements' AND current_setting('shared_preload_libraries') ~ '\\mpg_stat_statements\\M'),
    statements AS (
      SELECT a.usename::text AS role, nullif(a.application_name, '') AS application, a.query AS text
        FROM pg_stat_activity a
       WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() AND a.application_name !~ '^qianyun'
         AND a.datname IN (current_database(), 'postgres')
      UNION ALL
      SELECT substring(part FROM '<role>(.*?)</role>'), NULL, substring(part FROM '<text>(.*)</text>')
        FROM kept, query_to_xml(
               'SELECT pg_get_userbyid(s.userid) AS role, left(s.query, 20000) AS text FROM ' || view || ' s JOIN pg_database d ON d.oid = s.dbid
                 WHERE d.datname IN (current_database(), ''postgres'')
                   AND s.query ~* ''\\mpg_(stat|proc|class|attr|constraint|database|collation|backend)''', false, false, '') found,
             regexp_split_to_table(found::text, '</row>') part)
    SELECT quote_ident(s.role) AS object, g.version, string_agg(DISTINCT g.what, ', ' ORDER BY g.what) AS what,
           left(coalesce(string_agg(DISTINCT s.application, ', '), '-'), 60) AS application
      FROM statements s JOIN gone g ON s.text ~* g.one AND s.text ~* g.other
     WHERE s.text ~* '^\\s*(/[*].*?[*]/\\s*)*(select|with|show)\\M'
     GROUP BY s.role, g.version ORDER BY 1, 2`,
  sentence: {
    zh: '角色“{object}”（{application}）执行的语句使用 PostgreSQL {version} 起不再有的 {what}：在{there}上会失败，监控程序常见如此。',
    en: 'Role "{object}" ({application}) runs statements that use {what}, which is gone since PostgreSQL {version}: they fail on {there}, as those of monitoring often do.',
  },
  remedy: {
    zh: '把该程序升级到认得新版本的版本（例如 postgres_exporter 0.16 及以上），并在测试环境中对新服务器执行一次',
    en: 'Bring that program to a version that knows the new server (postgres_exporter 0.16 or newer, for example), and run it once against staging',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
