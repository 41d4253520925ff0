import { words } from './message.ts'

/** Why something is not as it must be, inside another sentence. */
export const causes = words({
  'cause-forwarding-forbidden': {
    en: 'its SSH server passes no connections on; let the login user forward to that host and port (AllowTcpForwarding, PermitOpen)',
    zh: '其 SSH 服务不转发连接；请允许登录用户转发到该主机和端口（AllowTcpForwarding、PermitOpen）',
  },
  'cause-through-jump': {
    en: 'through the jump host "{jump}": {because}',
    zh: '经跳板机“{jump}”：{because}',
  },
  'cause-in-recovery': {
    en: 'it is a standby, in recovery',
    zh: '它是处于恢复状态的备库',
  },
  'cause-no-standby': {
    en: 'each commit waits for a synchronous standby (synchronous_standby_names = {names}), and none is connected',
    zh: '每次提交都等待同步备库（synchronous_standby_names = {names}），而没有一个备库连着',
  },
  'cause-no-subscription': {
    en: 'there is no subscription "{subscription}"',
    zh: '没有订阅“{subscription}”',
  },
  'cause-subscription-disabled': {
    en: 'subscription "{subscription}" is disabled',
    zh: '订阅“{subscription}”已停用',
  },
  'cause-no-apply-worker': {
    en: 'no apply worker runs for subscription "{subscription}"',
    zh: '订阅“{subscription}”没有运行中的 apply 进程',
  },
  'cause-apply-errors': { en: '{count} apply errors were counted', zh: '已有 {count} 次应用出错' },
  'cause-apply-waits': {
    en: 'what arrives waits for a lock of {holders}; let that end, or end that session',
    zh: '到达的变更在等待以下会话释放锁：{holders}；请等其结束，或结束该会话',
  },
  'cause-tables-not-copied': { en: 'tables not copied yet: {tables}', zh: '尚未复制完的表：{tables}' },
  'cause-tables-unknown': {
    en: 'it stops at tables or columns that this side lacks: {tables}. Make them here as they are on the other side (during retention "qianyun retention ddl FILE" does so on both), and replication goes on by itself',
    zh: '复制停在本侧没有的表或列：{tables}。请在本侧照另一侧建立（保留期内用“qianyun retention ddl FILE”在两侧同时执行），复制会自行继续',
  },
  'cause-not-ready': { en: 'it is not ready', zh: '尚未就绪' },
  'cause-no-answer': { en: 'no answer', zh: '没有应答' },
  'cause-others-listen': { en: '{count} listen there', zh: '该处有 {count} 个进程监听' },
  'cause-connection-closed': { en: 'the server closed the connection', zh: '服务器关闭了连接' },
  'cause-no-connection': { en: 'no connection was made', zh: '没有建立连接' },
  'cause-no-host-key': { en: 'it showed no host key', zh: '没有出示主机密钥' },
  'cause-exit-code': { en: 'it ended with exit code {exitCode}', zh: '以退出码 {exitCode} 结束' },
  'cause-killed': { en: 'it was ended by {signal}', zh: '被 {signal} 结束' },
  'cause-server-answers': {
    en: 'its server answers and has the database, though no record of it',
    zh: '其服务器有应答且有该数据库，但没有其记录',
  },
  'cause-server-answers-with-state': {
    en: 'its server answers and has it on record as {state} in generation {generation}',
    zh: '其服务器有应答，记录的状态为“{state}”，代次为 {generation}',
  },
  'cause-server-refuses': {
    en: 'its server answers, with SQLSTATE {state}: {reason}',
    zh: '其服务器有应答（SQLSTATE {state}）：{reason}',
  },
  'cause-entry-leads-there': {
    en: 'entry "{entry}" still leads clients to where they can write',
    zh: '入口“{entry}”仍把客户端引向可写入之处',
  },
  'cause-still-heard': { en: 'the side that follows it still hears from it', zh: '跟随它的一侧仍收到其数据' },
  'role-unfit': { en: '"{role}" {reason}', zh: '“{role}”{reason}' },
  'role-absent': { en: 'does not exist', zh: '不存在' },
  'role-without-login': { en: 'is NOLOGIN, and not by this fence', zh: '为 NOLOGIN，且并非由本次封锁所致' },
  'role-without-connect': { en: 'will have no CONNECT privilege', zh: '将没有 CONNECT 权限' },
  'role-without-password': { en: 'has no password', zh: '没有口令' },
  'role-finds-nobody': { en: 'finds no "{role}" by auth_query', zh: '用 auth_query 查不到“{role}”' },
  'role-runs-no-query': {
    en: 'cannot run auth_query ("{message}")',
    zh: '无法执行 auth_query（“{message}”）',
  },
  'role-entry-host-away': {
    en: 'cannot be reached from the host of the entry: {reason}',
    zh: '无法从入口主机连接：{reason}',
  },
  'role-refused-by-address': {
    en: 'is refused by pg_hba.conf there, for connections from the host that clients come from ("{message}"); add a line for it and reload that server',
    zh: '从客户端所在主机的连接被该处的 pg_hba.conf 拒绝（“{message}”）；请为其加一行并重新加载该服务器',
  },
  'role-with-other-password': {
    en: 'has another password there than the application uses, or one stored as another type than pg_hba.conf asks for (md5, scram-sha-256)',
    zh: '在该处的口令与应用所用的不同，或其存储类型与 pg_hba.conf 要求的不同（md5、scram-sha-256）',
  },
  'role-refused': {
    en: 'is refused there: "{message}" (SQLSTATE {state})',
    zh: '在该处被拒绝：“{message}”（SQLSTATE {state}）',
  },
  'role-of-other-hash': {
    en: 'is known to pgbouncer by an md5 hash, where that side asks for scram-sha-256: put its SCRAM secret or its password into the auth_file',
    zh: '在 pgbouncer 中只有 md5 散列，而该侧要求 scram-sha-256：请把其 SCRAM 密文或口令写入 auth_file',
  },
  'role-unanswered-by-pooler': {
    en: 'gets no answer through pgbouncer: its log says why',
    zh: '经 pgbouncer 没有应答：原因见其日志',
  },
  'role-refused-by-pooler': {
    en: 'is refused through pgbouncer: "{message}"',
    zh: '被 pgbouncer 拒绝：“{message}”',
  },
  'role-looked-up-in-vain': {
    en: 'would be looked up by auth_user "{authUser}", which on that side {reason}',
    zh: '将由 auth_user“{authUser}”查询，而它在该侧{reason}',
  },
})
