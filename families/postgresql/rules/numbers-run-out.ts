import { everyMoment, queryRule } from '../census/rule.ts'

/** As far as the server's own emergency vacuum lets it come (`vacuum_failsafe_age`). It stops at 2,147 million less three. */
const tooOldMillions = 1_600

/** Slots of a move hold back what may be frozen of the catalogs. */
export const numbersRunOut = queryRule({
  id: 'numbers-run-out',
  severity: 'critical',
  when: everyMoment,
  letsGoBack: true,
  sql: `
    SELECT quote_ident(d.datname) AS object, (greatest(age(d.datfrozenxid), mxid_age(d.datminmxid)) / 1000000)::int AS age
      FROM pg_database d WHERE greatest(age(d.datfrozenxid), mxid_age(d.datminmxid)) > ${String(tooOldMillions)}000000
     ORDER BY 1`,
  sentence: {
    zh: '数据库“{object}”中未冻结的事务号已达 {age} 百万，到 2147 百万时整台服务器不再接受写入；迁移期间的复制槽还会推迟系统目录的冻结。',
    en: 'The oldest transaction number in database "{object}" is {age} million old: at 2,147 million its server takes no writes any more, and the replication slots of a move hold back the freezing of catalogs.',
  },
  remedy: {
    zh: '结束旧事务，删除无人读取的复制槽与悬置的两阶段事务，再在该库执行 vacuum freeze',
    en: 'End old transactions, drop slots nobody reads and prepared transactions nobody ends, and run "vacuum freeze" in that database',
  },
})
