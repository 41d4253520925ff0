import { atServer, ofEachServer, type Rule } from './rule.ts'

const setting = (id: string, sentence: Rule['sentence'], remedy: Rule['remedy']) =>
  ({ id, severity: 'critical', sentence, remedy }) as const

/** What the settings of a server have to be for one side to follow the other. */
export const serverRules: readonly Rule[] = [
  ofEachServer({
    ...setting(
      'mysql-product',
      {
        zh: '服务器“{object}”不是 MariaDB 10.6 以上版本（{found}），本方式不支持。',
        en: 'Server "{object}" is no MariaDB from 10.6 on ({found}), and this family moves no other.',
      },
      {
        zh: '先升级到 MariaDB 10.6 以上，或以厂商命令迁移（commands）',
        en: 'Upgrade it to MariaDB 10.6 or later first, or move it by commands of its vendor (family "commands")',
      },
    ),
    find: (facts) =>
      atServer(
        facts,
        facts.product === 'other' || facts.major < 10 || (facts.major === 10 && facts.minor < 6),
        { found: facts.version },
      ),
  }),
  ofEachServer({
    ...setting(
      'mysql-admin-lacks-rights',
      {
        zh: '计划中的管理账户在服务器“{object}”上没有全部权限。',
        en: 'The administrator of the plan has not every right at server "{object}".',
      },
      {
        zh: '执行：GRANT ALL PRIVILEGES ON *.* TO <管理账户> WITH GRANT OPTION',
        en: 'Run there: GRANT ALL PRIVILEGES ON *.* TO <administrator> WITH GRANT OPTION',
      },
    ),
    find: (facts) => atServer(facts, facts.product === 'mariadb' && !facts.adminMayAll),
  }),
  ofEachServer({
    ...setting(
      'mysql-log-off',
      {
        zh: '服务器“{object}”没有开启二进制日志（log_bin）或不记录所复制的内容（log_slave_updates）：无法被跟随，也没有退路。',
        en: 'Server "{object}" writes no binary log ("log_bin"), or none of what it follows ("log_slave_updates"): it cannot be followed, and there is no way back.',
      },
      {
        zh: '在配置中加入 log_bin 和 log_slave_updates=ON 并重启；需要一个维护窗口。',
        en: 'Set "log_bin" and "log_slave_updates = ON" in its configuration and restart it; that takes a maintenance window.',
      },
    ),
    find: (facts) =>
      atServer(
        facts,
        facts.product === 'mariadb' &&
          (facts.variables['log_bin'] !== 'ON' || facts.variables['log_slave_updates'] !== 'ON'),
      ),
  }),
  ofEachServer({
    ...setting(
      'mysql-log-of-statements',
      {
        zh: '服务器“{object}”的 binlog_format 为“{found}”：所记录的语句会在另一侧以全部权限重新执行，其中的函数可借此越权，结果也可能不同。',
        en: 'Server "{object}" runs with binlog_format "{found}": statements in its log run again on the other side with every right, functions of the owner among them, and may come to something else there.',
      },
      {
        zh: '在配置中设置 binlog_format = ROW 并重启，或执行 SET GLOBAL binlog_format = ROW 并让所有会话重新连接',
        en: 'Set "binlog_format = ROW" in its configuration and restart it, or run "SET GLOBAL binlog_format = ROW" and have every session connect anew',
      },
    ),
    find: (facts) =>
      atServer(facts, facts.product === 'mariadb' && facts.variables['binlog_format'] !== 'ROW', {
        found: facts.variables['binlog_format'] ?? '',
      }),
  }),
  ofEachServer({
    ...setting(
      'mysql-rows-in-part',
      {
        zh: '服务器“{object}”的 binlog_row_image 为“{found}”：日志中的行不完整。',
        en: 'Server "{object}" runs with binlog_row_image "{found}": its log has rows in part.',
      },
      { zh: '执行：SET GLOBAL binlog_row_image = FULL', en: 'Run there: SET GLOBAL binlog_row_image = FULL' },
    ),
    find: (facts) =>
      atServer(
        facts,
        facts.product === 'mariadb' && !(facts.variables['binlog_row_image'] ?? '').startsWith('FULL'),
        { found: facts.variables['binlog_row_image'] ?? '' },
      ),
  }),
  ofEachServer({
    ...setting(
      'mysql-errors-passed-over',
      {
        zh: '服务器“{object}”会跳过复制中的错误（slave_skip_errors、slave_exec_mode）：两侧会不知不觉地不一致。',
        en: 'Server "{object}" passes over errors as it follows ("slave_skip_errors", "slave_exec_mode"): the sides would come to differ unseen.',
      },
      {
        zh: '去掉 slave_skip_errors，并执行 SET GLOBAL slave_exec_mode = STRICT',
        en: 'Take "slave_skip_errors" out of its configuration, and run "SET GLOBAL slave_exec_mode = STRICT"',
      },
    ),
    find: (facts) =>
      atServer(
        facts,
        facts.product === 'mariadb' &&
          (!['OFF', ''].includes(facts.variables['slave_skip_errors'] ?? '') ||
            facts.variables['slave_exec_mode'] !== 'STRICT'),
      ),
  }),
  ofEachServer({
    ...setting(
      'mysql-triggers-fire-twice',
      {
        zh: '服务器“{object}”在跟随时触发触发器（slave_run_triggers_for_rbr）：触发器的结果会出现两次。',
        en: 'Server "{object}" fires triggers as it follows ("slave_run_triggers_for_rbr"): what they do is done twice.',
      },
      {
        zh: '执行：SET GLOBAL slave_run_triggers_for_rbr = NO',
        en: 'Run there: SET GLOBAL slave_run_triggers_for_rbr = NO',
      },
    ),
    find: (facts) =>
      atServer(facts, facts.product === 'mariadb' && facts.variables['slave_run_triggers_for_rbr'] !== 'NO'),
  }),
  ofEachServer({
    ...setting(
      'mysql-galera',
      {
        zh: '服务器“{object}”属于 Galera 集群：集群的其他节点没有被封锁。',
        en: 'Server "{object}" belongs to a Galera cluster: a fence at it leaves its other nodes open.',
      },
      {
        zh: '先缩为单节点，或以厂商命令迁移',
        en: 'Make it a server of its own first, or move it by commands',
      },
    ),
    find: (facts) => atServer(facts, facts.variables['wsrep_on'] === 'ON'),
  }),
  ofEachServer({
    id: 'mysql-crash-loses',
    severity: 'warning',
    sentence: {
      zh: '服务器“{object}”不在提交时落盘（sync_binlog={log}，innodb_flush_log_at_trx_commit={engine}）：断电会丢失已确认的写入，另一侧可能反而有这些写入。',
      en: 'Server "{object}" does not wait for its disk at a commit (sync_binlog={log}, innodb_flush_log_at_trx_commit={engine}): where its power is lost, so are acknowledged writes, which the other side may have.',
    },
    remedy: {
      zh: '执行并写入配置：SET GLOBAL sync_binlog = 1, GLOBAL innodb_flush_log_at_trx_commit = 1',
      en: 'Run there, and set in its configuration: SET GLOBAL sync_binlog = 1, GLOBAL innodb_flush_log_at_trx_commit = 1',
    },
    find: (facts) =>
      atServer(
        facts,
        facts.product === 'mariadb' &&
          (facts.variables['sync_binlog'] !== '1' ||
            facts.variables['innodb_flush_log_at_trx_commit'] !== '1'),
        {
          log: facts.variables['sync_binlog'] ?? '',
          engine: facts.variables['innodb_flush_log_at_trx_commit'] ?? '',
        },
      ),
  }),
  ofEachServer({
    id: 'mysql-log-expires-early',
    severity: 'critical',
    sentence: {
      zh: '服务器“{object}”只保留 {kept} 秒的二进制日志，而要经受的中断为 {needed} 秒：其间另一侧会永远追不上。',
      en: 'Server "{object}" keeps its binary log for {kept} seconds, and an outage of {needed} seconds is to be survived: the other side could never catch up.',
    },
    remedy: {
      zh: '执行并写入配置：SET GLOBAL binlog_expire_logs_seconds = {needed}',
      en: 'Run there, and set in its configuration: SET GLOBAL binlog_expire_logs_seconds = {needed}',
    },
    find: (facts) => {
      const kept = Number(facts.variables['binlog_expire_logs_seconds'] ?? 0)
      const needed = Math.ceil(facts.outageToSurviveMs / 1_000)
      return atServer(facts, kept > 0 && kept < needed, { kept, needed })
    },
  }),
  ofEachServer({
    ...setting(
      'mysql-follows-another',
      {
        zh: '服务器“{object}”已跟随其他服务器：{found}。',
        en: 'Server "{object}" follows another one already: {found}.',
      },
      {
        zh: '执行 STOP ALL SLAVES 和 RESET SLAVE … ALL，或改为迁移那台服务器',
        en: 'Run "STOP ALL SLAVES" and "RESET SLAVE … ALL" there, or move the server it follows',
      },
    ),
    find: (facts) =>
      atServer(facts, facts.otherChannels.length > 0, { found: facts.otherChannels.join(', ') }),
  }),
  ofEachServer({
    ...setting(
      'mysql-neighbours',
      {
        zh: '服务器“{object}”上还有其他数据库：{found}。日志、账户和只读状态属于整台服务器，会连带它们。',
        en: 'Server "{object}" has further databases: {found}. Its log, its accounts and its fence are of the whole server, and would take them along.',
      },
      {
        zh: '先把它们移到别的服务器，或另建只有该数据库的服务器',
        en: 'Move them to another server first, or bring the database to a server of its own',
      },
    ),
    find: (facts) => atServer(facts, facts.neighbours.length > 0, { found: facts.neighbours.join(', ') }),
  }),
  ofEachServer({
    ...setting(
      'mysql-prepared-transactions',
      {
        zh: '服务器“{object}”有 {count} 个已准备的分布式事务（XA），断开会话不能结束它们。',
        en: 'Server "{object}" has {count} prepared transactions (XA), which end with no session.',
      },
      {
        zh: '用 XA RECOVER 查看，并逐个 XA COMMIT 或 XA ROLLBACK',
        en: 'See them by "XA RECOVER", and commit or roll each back',
      },
    ),
    find: (facts) => atServer(facts, facts.preparedTransactions > 0, { count: facts.preparedTransactions }),
  }),
]
