import { queryRule } from '../census/rule.ts'

/** https://github.com/npgsql/npgsql/issues/4511, https://github.com/npgsql/npgsql/issues/4153 */
export const typesNumberedByTheServer = queryRule({
  id: 'types-numbered-by-the-server',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    WITH used AS (
      SELECT DISTINCT coalesce(nullif(t.typelem, 0), t.oid) AS type
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_type d ON d.oid = a.atttypid JOIN pg_type t ON t.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
       WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
         AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun'))
    SELECT current_database()::text AS object, count(*)::int AS count,
           array_to_string((array_agg(u.type::regtype::text ORDER BY u.type::regtype::text))[1:5], ', ') AS types
      FROM used u JOIN pg_type t ON t.oid = u.type JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') HAVING count(*) > 0`,
  sentence: {
    zh: '数据库“{object}”的列使用 {count} 个自有或扩展的类型（{types}），其编号（OID）在各服务器不同。按连接记住编号的驱动（Npgsql、asyncpg、pgx、postgrex、SQLx）到连接池的连接在切换后仍在，所记的是旧服务器的编号：用到这些类型的语句会失败（“cache lookup failed for type”），直到重新连接。',
    en: 'Columns of database "{object}" use {count} types of its own or of extensions ({types}), whose numbers (OID) differ on each server. Drivers that remember numbers for a connection (Npgsql, asyncpg, pgx, postgrex, SQLx) keep those of the old server, since their connections to the pooler outlive a switch: statements with these types fail then ("cache lookup failed for type") until they connect anew.',
  },
  remedy: {
    zh: '在演练环境不重启应用地切换一次；若失败，把重启应用或重建其连接安排为切换后的第一步，或让驱动以文本发送这些值。',
    en: 'Switch once on staging without restarting the application; where it fails, make a restart of the application, or of its connections, the first step after a switch, or have the driver send these values as text.',
  },
})
