import { answered, pairRule } from '../census/rule.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'time-zone-word-differs'

/**
 * Since version 18 an abbreviation in a time ("CST") is first that of the session's own time zone, and only then that of
 * `timezone_abbreviations`: China's and America's, India's and Israel's are written alike.
 * https://www.postgresql.org/docs/18/release-18.html
 */
export const timeZoneWordDiffers = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sql: `
    WITH used AS (
      SELECT reset_val AS zone FROM pg_settings WHERE name = 'TimeZone'
      UNION
      SELECT btrim(substr(o, position('=' IN o) + 1), '"') FROM pg_db_role_setting s, unnest(s.setconfig) o
       WHERE o ~* '^timezone=' AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
    SELECT DISTINCT z.abbrev AS object, z.name AS zone, 18 AS version,
           to_char(a.utc_offset, 'SGHH24:MI') AS before, to_char(z.utc_offset, 'SGHH24:MI') AS after
      FROM used u JOIN pg_timezone_names z ON lower(z.name) = lower(u.zone)
      JOIN pg_timezone_abbrevs a ON a.abbrev = z.abbrev AND a.utc_offset <> z.utc_offset
     ORDER BY 1, 2`,
  sentence: {
    zh: '时间中的缩写“{object}”：在时区 {zone} 的会话中，旧服务器当作 {before}，PostgreSQL {version} 起当作 {after}。带此缩写写入的时间（例如 date 命令的输出）在切换后成为另一时刻，且不报错。',
    en: 'The abbreviation "{object}" in a time: in sessions of time zone {zone} the old server takes it for {before}, and PostgreSQL takes it for {after} since version {version}. A time that is written with it (what "date" prints, for example) is another instant after a switch, without an error.',
  },
  remedy: {
    zh: '让应用与批处理写偏移量或时区名（“+08”、“Asia/Shanghai”）；此前带缩写写入的行请核对。仍须按旧义解释的会话，在新侧改用 UTC 时区。',
    en: 'Have the application and its jobs write offsets or names of zones ("+08", "Asia/Shanghai"), and look at rows that were written with the abbreviation before. Sessions that need the old meaning use the time zone UTC on the new side.',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
