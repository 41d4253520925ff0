import { databaseRule } from '../census/rule.ts'
import type { EntryFacts } from '../facts/entry-facts.ts'
import { type SessionUse, wordsOfRoles } from '../facts/session-uses.ts'

/** Sessions that a pooler hands on by transaction already have shown that they can bear it. */
const isNewToTransactions = ({ poolMode, bypassing }: EntryFacts, { role, from }: SessionUse): boolean =>
  poolMode === 'session' || bypassing.some((one) => one.role === role && one.from === from)

/** https://www.pgbouncer.org/config.html#max_prepared_statements, and of drivers: https://github.com/lib/pq/issues/889 */
export const entryKnowsNoPreparedStatements = databaseRule({
  id: 'entry-knows-no-prepared-statements',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['entries', 'session uses'],
  sentence: {
    zh: '角色“{object}”的会话（{words}）尚未经由按事务池化的入口：入口“{entry}”（{place}，{pooler}）不为客户端保留预备语句，驱动程序若分两次准备和执行，会报“prepared statement … does not exist”。',
    en: 'Sessions of "{object}" ({words}) do not come through an entry that pools by transaction yet, as they have to: "{entry}" at {place} ({pooler}) keeps no prepared statements for its clients, and a driver that prepares first and executes then is told "prepared statement … does not exist".',
  },
  remedy: {
    zh: '改用 pgbouncer 1.21 以上并设 max_prepared_statements 大于 0；或让驱动不预备语句：pgjdbc 设 prepareThreshold=0，lib/pq 设 binary_parameters=yes，psycopg 3 设 prepare_threshold=None，pgx 设 default_query_exec_mode=exec，Rails 设 prepared_statements: false。先在测试平台经由该入口试运行。',
    en: 'Use pgbouncer 1.21 or newer with "max_prepared_statements" above 0, or have the driver prepare none: prepareThreshold=0 (pgjdbc), binary_parameters=yes (lib/pq), prepare_threshold=None (psycopg 3), default_query_exec_mode=exec (pgx), prepared_statements: false (Rails). Try the application through such an entry on staging first.',
  },
  find: ({ entries, sessionUses }) =>
    entries
      .filter(({ poolMode, keepsPreparedStatements }) => poolMode !== '' && keepsPreparedStatements === false)
      .flatMap((entry) => {
        const uses = sessionUses.filter((use) => use.sort === 'parameters' && isNewToTransactions(entry, use))
        const { name, place, pooler = 'pgbouncer' } = entry
        return wordsOfRoles(uses).map(({ role, words }) => ({
          object: role,
          values: { entry: name, place, pooler, words },
        }))
      }),
})
