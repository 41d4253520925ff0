import { words } from './message.ts'

/** What goes wrong with databases of MariaDB, and why one side may not follow the other. */
export const mysqlFailures = words({
  'mysql-unreachable': {
    en: '{side} cannot be reached: {reason}. See that its server runs and lets the administrator of the plan in, and run the step again.',
    zh: '无法连接{side}：{reason}。请确认其服务器在运行并允许计划中的管理账户登录，然后重新执行该步骤。',
  },
  'mysql-unfit': {
    en: 'The database cannot be moved as it is; nothing was changed. {problems:sentences}',
    zh: '该数据库目前不能迁移，没有做任何更改。{problems:sentences}',
  },
  'mysql-side-serves': {
    en: '{side} {found}, and is neither filled nor removed. Switch back to the other side first.',
    zh: '{side}{found}，不会被填充或清除。请先切换到另一侧。',
  },
  'mysql-side-open': { en: 'serves', zh: '在用' },
  'mysql-side-closed': {
    en: 'is closed, and the switch away from it is not decided',
    zh: '已关闭，但从它切走尚未决定',
  },
  'mysql-side-copy': { en: 'is a copy', zh: '是副本' },
  'mysql-side-unknown': { en: 'has no record that it was left', zh: '没有已停用的记录' },
  'mysql-target-not-empty': {
    en: '{side} holds tables already, and nothing says that they are a copy: {found}. Drop that database there if it is not needed, and run the step again.',
    zh: '{side}已有表，且没有记录表明是副本：{found}。如不需要，请在该处删除该数据库后重新执行该步骤。',
  },
  'mysql-copy-failed': {
    en: 'The copy into {side} failed at "{object}": {reason}. Remove the cause and run the step again; it copies anew.',
    zh: '向{side}复制时在“{object}”处失败：{reason}。请排除原因后重新执行该步骤，将重新复制。',
  },
  'mysql-channel-broken': {
    en: '{side} does not follow the other side: {reason}. Remove the cause, and run the step again.',
    zh: '{side}没有跟随另一侧：{reason}。请排除原因后重新执行该步骤。',
  },
  'mysql-does-not-connect': {
    en: 'its server does not connect to the other one in time; see that the address and port of the plan are reached from there',
    zh: '其服务器未能及时连上另一侧；请确认从该处可达计划中的地址和端口',
  },
  'mysql-not-applied': {
    en: 'what it has fetched is not all applied',
    zh: '已取得的变更尚未全部应用',
  },
  'mysql-no-channel': {
    en: 'it has no channel; replicate it first',
    zh: '没有复制通道；请先建立复制',
  },
  'mysql-behind': {
    en: '{side} did not come to have transaction {position} within {waitedMs} ms. See what it waits for (SHOW ALL SLAVES STATUS), and run the step again.',
    zh: '{side}在 {waitedMs} 毫秒内没有追到事务 {position}。请查看其等待的原因（SHOW ALL SLAVES STATUS）后重新执行该步骤。',
  },
  'mysql-errant': {
    en: '{side} has transactions of its own, which nobody else has: {transactions}. See them with mariadb-binlog, make them good on the side that serves where they count, and copy the side anew.',
    zh: '{side}有自己的事务，另一侧没有：{transactions}。请用 mariadb-binlog 查看，需要的在用一侧补上，然后重新复制该侧。',
  },
  'mysql-fence-leaks': {
    en: 'Somebody could still write at {side}, so the switch was not made: {problems}. See to it there, and run the step again.',
    zh: '{side}仍可能有人写入，因此没有切换：{problems}。请处理后重新执行该步骤。',
  },
  'mysql-leak-account': { en: 'account {account} is not locked', zh: '账户 {account} 没有锁定' },
  'mysql-leak-session': { en: 'session of {session}', zh: '会话 {session}' },
  'mysql-leak-login': { en: 'account "{user}" can log in', zh: '账户“{user}”可以登录' },
  'mysql-leak-prepared': {
    en: 'a prepared transaction is open (XA RECOVER)',
    zh: '有已准备的分布式事务（XA RECOVER）',
  },
  'mysql-differs': {
    en: 'Both sides do not hold the same: {differences}. See what wrote there, and replicate anew.',
    zh: '两侧内容不一致：{differences}。请查明写入者后重新建立复制。',
  },
  'mysql-switch-aborted': {
    en: 'The switch was not made, in the part "{part}": {reason} {serving} serves as before; nobody was served for {gapMs} ms, and nothing is lost. Remove the cause and run the step again.',
    zh: '切换未完成，止于“{part}”环节：{reason} {serving}照旧服务，停止服务 {gapMs} 毫秒，没有数据丢失。请排除原因后重新执行该步骤。',
  },
  'mysql-switch-unfinished': {
    en: 'The switch is decided, and {side} could not be opened yet: {reason}. Nobody is served. Start its server and run the step again; if it is lost for good, roll back with the side gone.',
    zh: '切换已决定，但{side}尚未能启用：{reason}。目前无人服务。请启动其服务器后重新执行该步骤；如已永久丢失，请按该侧丢失回退。',
  },
  'mysql-unsettled': {
    en: 'Nobody can tell yet which side serves: {awaited} does not answer ({reason}). Start its server; then run the step again, or "qianyun cutover settle".',
    zh: '尚不能确定由哪一侧服务：{awaited}没有应答（{reason}）。请启动其服务器，然后重新执行该步骤，或执行“qianyun cutover settle”。',
  },
  'mysql-both-serve': {
    en: 'Both {from} and {to} are on record as the side that serves. Nothing was changed: lock the accounts of the one whose data do not count, and remove its row in qianyun_control.side.',
    zh: '{from}和{to}的记录均为在用。没有做任何更改：请锁定不作数一侧的账户，并删除其 qianyun_control.side 中的记录。',
  },
  'mysql-side-stale': {
    en: '{side} is open by its own record, and {serves} was opened without it since: it may hold writes that are nowhere else. Keep a dump of it, drop the database and its row in qianyun_control.side there, and replicate anew.',
    zh: '{side}自身的记录为在用，而{serves}此后已单独启用：它可能有别处没有的写入。请先转储，再删除该处的数据库及其 qianyun_control.side 中的记录，然后重新建立复制。',
  },
  'mysql-record-changed': {
    en: 'The record of {side} was changed by another run meanwhile. Nothing was changed; run the step again.',
    zh: '{side}的记录在此期间被另一次运行更改。没有做任何更改，请重新执行该步骤。',
  },
  'mysql-writers-stopped': {
    en: 'The writers of the rehearsal, as account "{user}", could not write at {side}: {reason}. See that the account and its secret are those of the application.',
    zh: '演练的写入程序无法以账户“{user}”写入{side}：{reason}。请确认该账户及其口令为应用所用。',
  },
  'mysql-busy': {
    en: 'Another run works on {side}. Nothing was changed; run the step again once that has ended.',
    zh: '另一次运行正在处理{side}。没有做任何更改，请待其结束后重新执行该步骤。',
  },
  'mysql-too-late': {
    en: 'The switch may take {deadlineMs} ms and was to end before {notAfter}: it was not begun. Give a longer window.',
    zh: '切换最长需 {deadlineMs} 毫秒，须在 {notAfter} 之前结束：没有开始。请延长窗口。',
  },
  'mysql-deadline': {
    en: 'nobody may be served for longer than {deadlineMs} ms.',
    zh: '停止服务不得超过 {deadlineMs} 毫秒。',
  },
  'mysql-has-none': {
    en: '{side} was opened while another side served, and may hold writes that are nowhere else: this family does not give such a side up. Keep a dump of it, drop the database and its row in qianyun_control.side there, and run the step again.',
    zh: '{side}在另一侧在用时被启用，可能有别处没有的写入，本方式不会放弃这样的一侧。请先转储，再删除该处的数据库及其 qianyun_control.side 中的记录，然后重新执行该步骤。',
  },
  'mysql-target-unseen': {
    en: '{side} could not be looked at: {because}',
    zh: '无法查看{side}：{because}',
  },
  'remedy-mysql-target-unseen': {
    en: 'See that its server runs and lets the administrator of the plan in, and assess again.',
    zh: '请确认其服务器在运行并允许计划中的管理账户登录，然后重新评估。',
  },
  'mysql-forward-no-channel': {
    en: '[?{dataset}: ]the new side has no channel by which it follows',
    zh: '[?{dataset}：]新侧没有用于跟随的复制通道',
  },
  'mysql-forward-broken': {
    en: '[?{dataset}: ]the new side does not follow any more: {because}',
    zh: '[?{dataset}：]新侧已停止跟随：{because}',
  },
  'mysql-reverse-channel-missing': {
    en: '[?{dataset}: ]the old side has no channel by which it would follow; "qianyun cutover settle" makes it',
    zh: '[?{dataset}：]旧侧没有用于跟随的复制通道；执行“qianyun cutover settle”即可建立',
  },
  'mysql-reverse-log-gone': {
    en: '[?{dataset}: ]the log of the new side no longer has what the old side lacks: {because}',
    zh: '[?{dataset}：]新侧的日志已不含旧侧所缺的部分：{because}',
  },
  'mysql-reverse-channel-failed': {
    en: '[?{dataset}: ]the old side stopped at a change that it could not make: {because}',
    zh: '[?{dataset}：]旧侧止于一项无法执行的变更：{because}',
  },
  'mysql-reverse-channel-stopped': {
    en: "[?{dataset}: ]the old side was told to stop following; START SLAVE 'qianyun' sets it going",
    zh: "[?{dataset}：]旧侧的跟随被停止；执行 START SLAVE 'qianyun' 即可恢复",
  },
  'mysql-reverse-channel-connects': {
    en: '[?{dataset}: ]the old side does not reach the new one, and goes on trying',
    zh: '[?{dataset}：]旧侧连不上新侧，正在重试',
  },
  'mysql-old-side-unfinished': {
    en: '[?{dataset}: ]the old side is being made anew, or that was cut off',
    zh: '[?{dataset}：]旧侧正在重新建立，或重建被中断',
  },
  'mysql-old-side-errant': {
    en: '[?{dataset}: ]somebody wrote at the old side past its fence: {transactions}',
    zh: '[?{dataset}：]有人越过封锁在旧侧写入：{transactions}',
  },
  'mysql-old-side-lets-in': {
    en: '[?{dataset}: ]accounts of the old side are not locked: {accounts}',
    zh: '[?{dataset}：]旧侧有未锁定的账户：{accounts}',
  },
  'mysql-old-side-not-strict': {
    en: '[?{dataset}: ]the old side would take in transactions out of their order; SET GLOBAL gtid_strict_mode = ON',
    zh: '[?{dataset}：]旧侧会接受乱序的事务；请执行 SET GLOBAL gtid_strict_mode = ON',
  },
  'mysql-wiped': {
    en: 'Database "{name}" with {tables} tables ({bytes} bytes), {accounts} accounts and the binary log of its server were removed and not overwritten',
    zh: '已删除数据库“{name}”（{tables} 个表，{bytes} 字节）、{accounts} 个账户和服务器的二进制日志，未覆写',
  },
  'mysql-wiped-not-looked-at': {
    en: 'Backups of the server, its slow and general logs, and snapshots of its disk',
    zh: '服务器的备份、慢日志和通用日志，以及磁盘快照',
  },
})
