/**
 * What clients run, as a part of the queries of rules: `statements (role, application, text)`, of sessions that are there and of
 * pg_stat_statements. It stands after `WITH`. Only a superuser can make the extension; its view is there without the library, and fails then.
 */
export const clientStatements = `kept AS (
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
                   AND s.query ~* ''\\m(extract\\s*\\(|pg_(stat|proc|class|attr|constraint|database|collation|backend))''', false, false, '') found,
             regexp_split_to_table(found::text, '</row>') part)`
