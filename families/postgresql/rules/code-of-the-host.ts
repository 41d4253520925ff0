import { everyMoment, queryRule } from '../census/rule.ts'

const reaches =
  '\\m((pg_read_file|pg_read_binary_file|pg_ls_dir|pg_stat_file|lo_import|lo_export)\\s*\\(|(from|to)\\s+program\\M)'

/**
 * What such a function needs lies beside the server: modules of Python or Perl, programs, files. PostgreSQL makes it on a host without
 * them all the same, and it fails at its first call. https://github.com/NixOS/nixpkgs/issues/539578
 */
export const codeOfTheHost = queryRule({
  id: 'code-of-the-host',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    SELECT p.oid::regprocedure::text AS object, l.lanname::text AS language
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
     WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
       AND (NOT l.lanpltrusted AND l.lanname NOT IN ('c', 'internal')
            OR l.lanname IN ('sql', 'plpgsql') AND p.prosrc ~* '${reaches}')
     ORDER BY 1`,
  sentence: {
    zh: '函数“{object}”（{language}）使用数据库所在主机上的模块、程序或文件：另一侧的主机上若没有，函数仍会建立，却在切换后首次调用时失败。',
    en: 'Function "{object}" ({language}) uses modules, programs or files of the host of the server: on a host without them it is made all the same, and fails at its first call after a switch.',
  },
  remedy: {
    zh: '把它所用的模块、程序和文件装到另一侧的主机，在演练环境调用一次，然后豁免本项',
    en: 'Install what it uses on the host of the other side, call it once on staging, and waive this finding then',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当另一侧的主机上已有它所用的一切，或无人调用它时。',
      en: 'that is where the host of the other side has all that it uses, or where nobody calls it.',
    },
  },
})
