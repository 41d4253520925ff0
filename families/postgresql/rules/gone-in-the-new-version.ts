import { answered, pairRule } from '../census/rule.ts'
import { goneNames } from './gone-names.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'gone-in-the-new-version'

/** Views that use a column that is gone are refused as the schema is made; bodies of functions are text until somebody calls them. */
export const goneInTheNewVersion = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  letsGoBack: true,
  looksAt: ['server'],
  sql: `
    WITH ${goneNames},
    bodies AS (
      SELECT p.oid::regprocedure::text AS object, regexp_replace(regexp_replace(p.prosrc, '--[^\\n]*', ' ', 'g'), '/\\*.*?\\*/', ' ', 'g') AS body
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
       WHERE l.lanname NOT IN ('c', 'internal') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))
    SELECT b.object, string_agg(g.what, ', ' ORDER BY g.what) AS what, g.version
      FROM bodies b JOIN gone g ON b.body ~* g.one AND b.body ~* g.other GROUP BY b.object, g.version ORDER BY 1, 3`,
  sentence: {
    zh: '函数“{object}”使用 PostgreSQL {version} 起不再有的 {what}：它在{there}仍会建立，却在首次调用时失败。',
    en: 'Function "{object}" uses {what}, which is gone since PostgreSQL {version}: it is made on {there} all the same, and fails at its first call.',
  },
  remedy: {
    zh: '改用新版本的对应项（见其发行说明），须在两个版本上运行的按 server_version_num 区分',
    en: 'Have it use what the new version has instead (see its release notes), by "server_version_num" where it has to run on both',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当无人调用它，或它已区分版本时。',
      en: 'that is for one that nobody calls, or that asks for the version by itself.',
    },
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
