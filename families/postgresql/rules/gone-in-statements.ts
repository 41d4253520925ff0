import { answered, pairRule } from '../census/rule.ts'
import { clientStatements } from './client-statements.ts'
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
  sql: `
    WITH ${goneNames},
    ${clientStatements}
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
    zh: '把该程序升级到认得新版本的版本（例如 postgres_exporter 0.16 及以上），并在测试平台中对新服务器执行一次',
    en: 'Bring that program to a version that knows the new server (postgres_exporter 0.16 or newer, for example), and run it once against staging',
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
