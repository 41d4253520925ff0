import { countedStatements } from '../facts/counted-statements.ts'

/**
 * What clients run, as a part of the queries of rules: `statements (role, application, text)`, of sessions that are there and of those the
 * server has counted. It stands after `WITH`.
 */
export const clientStatements = `kept AS (${countedStatements}),
    statements AS (
      SELECT a.usename::text AS role, nullif(a.application_name, '') AS application, a.query AS text
        FROM pg_stat_activity a
       WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() AND NOT (a.usename = session_user AND a.application_name ~ '^qianyun')
         AND a.datname IN (current_database(), 'postgres')
      UNION ALL
      SELECT substring(part FROM '<role>(.*?)</role>'), NULL, substring(part FROM '<text>(.*)</text>')
        FROM kept, query_to_xml(
               'SELECT pg_get_userbyid(s.userid) AS role, left(s.query, 20000) AS text FROM ' || counted || ' s JOIN pg_database d ON d.oid = s.dbid
                 WHERE d.datname IN (current_database(), ''postgres'')
                   AND s.query ~* ''\\m(extract\\s*\\(|pg_(stat|proc|class|attr|constraint|database|collation|backend))''', false, false, '') found,
             regexp_split_to_table(found::text, '</row>') part)`
