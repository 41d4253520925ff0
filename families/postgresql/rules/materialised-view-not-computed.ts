import { answered, pairRule } from '../census/rule.ts'

const id = 'materialised-view-not-computed'

/**
 * Views are computed once the first copy is there. What a refresh needs may be missing then: rights of the owner, a password of another
 * server, or names that it does not find, since PostgreSQL 17 refreshes under an empty search path.
 * https://github.com/dimitri/pgcopydb/pull/1009, https://github.com/cloudnative-pg/cloudnative-pg/issues/10479
 */
export const materialisedViewNotComputed = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'precheck'],
  letsGoBack: true,
  looksAt: ['database'],
  sql: `
    SELECT format('%I.%I', n.nspname, c.relname) AS object, c.relispopulated::int AS computed, c.relowner::regrole::text AS owner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'm' AND n.nspname !~ '^pg_' ORDER BY 1`,
  sentence: {
    zh: '物化视图“{object}”（所有者 {owner}）在服务的一侧有内容，在另一侧未能计算：切换后读取它的语句会出错。',
    en: 'Materialised view "{object}" (owner {owner}) has its content on the side that serves, and could not be computed on the other one: statements that read it fail after a switch.',
  },
  remedy: {
    zh: '复制步骤的输出写有原因；修正视图或其所有者的权限后再执行一次该步骤，由它计算',
    en: 'The output of the replication step says why. Correct the view, or the rights of its owner, and run that step again, which computes it',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当无人读取它时。',
      en: 'that is for one that nobody reads.',
    },
  },
  find: (facts, other) => {
    const empty = new Set(
      answered(other, id)
        .filter(({ values }) => values['computed'] === 0)
        .map(({ object }) => object),
    )
    return answered(facts, id).filter(({ object, values }) => values['computed'] === 1 && empty.has(object))
  },
})
