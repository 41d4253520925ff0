import { answered, pairRule } from '../census/rule.ts'
import { clientStatements } from './client-statements.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'otherwise-in-the-new-version'

/**
 * What both versions take, and what gives something else since one of them: EXTRACT has type numeric, which drivers make a text or a decimal
 * of; a cursor that is bound to its query has no longer the name of its variable. A view keeps what it was made with.
 * https://github.com/elan-ev/tobira/issues/776, https://www.postgresql.org/docs/16/release-16.html#RELEASE-16-MIGRATION
 */
export const otherwiseInTheNewVersion = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  // Only who gets a cursor from a function can name it.
  sql: `
    WITH ${clientStatements},
    bodies AS (
      SELECT p.oid::regprocedure::text AS object, regexp_replace(p.prosrc, '--[^\\n]*', ' ', 'g') AS text,
             l.lanname = 'plpgsql'
             AND 'refcursor'::regtype = ANY (coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) AS gives_cursor
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
       WHERE l.lanname IN ('sql', 'plpgsql') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
    SELECT u.object, 14 AS version, 'EXTRACT' AS what, 'double precision' AS before, 'numeric' AS after
      FROM (SELECT object, text FROM bodies UNION ALL SELECT quote_ident(role), text FROM statements
             WHERE text !~* '^\\s*(create|alter|do|comment)\\M') u
     WHERE u.text ~* '\\mextract\\s*\\(\\s*''?[$\\w]+''?\\s+from\\M' GROUP BY u.object
    UNION ALL
    SELECT b.object, 16, 'CURSOR', name, '<unnamed portal>'
      FROM bodies b, substring(b.text FROM '(?i)(\\w+)\\s+(?:no\\s+scroll\\s+|scroll\\s+)?cursor\\s*(?:\\([^)]*\\)\\s*)?(?:for|is)\\M') name
     WHERE b.gives_cursor AND name IS NOT NULL
     ORDER BY 1, 2`,
  sentence: {
    zh: '“{object}”（函数，或客户端的角色）使用 {what}，它自 PostgreSQL {version} 起给出的是“{after}”而不是“{before}”。',
    en: '"{object}" (a function, or the role of a client) uses {what}, which gives "{after}" since PostgreSQL {version}, and no longer "{before}".',
  },
  remedy: {
    zh: '在测试平台核对结果与驱动读到的类型：需要旧类型处改用 date_part；调用方按名称取游标时，在打开前给游标变量赋名。应用自身的语句也要查',
    en: 'Compare results on staging, and the types that drivers make of them: use date_part where the old type is needed, and give a cursor its name before it is opened where callers go by that name. Look through the statements of the application, too',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
