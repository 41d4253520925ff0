import { words } from './message.ts'

/** What goes wrong with PostgreSQL and its pooler. The places are public fields of the errors with these codes. */
export const databaseFailures = words({
  'weak-login': {
    en: '"{place}" wants "{user}" to log in by "{method}", which gives the password away or does not prove whose server it is; nothing was sent. Set up scram-sha-256 there, or say why not in the plan (weakLogin).',
    zh: '“{place}”要求“{user}”以“{method}”方式登录，这会泄露口令，或不能证明服务器的身份；没有发送任何口令。请在该服务器启用 scram-sha-256，或在计划中说明原因（weakLogin）。',
  },
  'tls-ends-early': {
    en: '"{place}" shows a certificate of the plan, and the server behind it does not prove that it is its own (scram-sha-256-plus); "{user}" was not logged in. Something on the way ends TLS, as a load balancer or a pooler does, or the server is older than PostgreSQL 11. Name an address at which the server itself speaks TLS, or say why not in the plan (weakLogin: unbound).',
    zh: '“{place}”出示的证书与计划相符，其后的服务器却不能证明该证书属于自己（scram-sha-256-plus）；“{user}”没有登录。途中有设备（负载均衡、连接池等）终结了 TLS，或服务器早于 PostgreSQL 11。请写明由服务器自身提供 TLS 的地址，或在计划中说明原因（weakLogin: unbound）。',
  },
  'census-refused': {
    en: 'The databases are not fit for replication and a switch. {problems:sentences}',
    zh: '数据库尚不满足复制与切换的条件。{problems:sentences}',
  },
  'side-unknown': {
    en: 'The side {database} has never been prepared for a switchover: its server has no record of whether it is open or closed. Run a "postgres-replicate" step first.',
    zh: '{database}从未为切换做过准备：其服务器没有在用或封锁的记录。请先执行“postgres-replicate”步骤。',
  },
  'side-silent': {
    en: 'The server of {side} did not answer within {waitedMs} ms. Bring it back, or end it.',
    zh: '{side}的服务器在 {waitedMs} 毫秒内没有应答。请恢复或停止该服务器。',
  },
  'database-served': {
    en: 'The database {database} was opened in generation {generation} at "{openedAt}", and no record shows that what it took since is on the other side: it is not dropped. Bring both servers back and run the switch or the rollback to its end; to give the database up, dump it and name the dump: "cutover settle --give-up HOST:PATH" for a new side, "retention rearm --give-up HOST:PATH" for an old one, once two people have agreed.',
    zh: '{database}在第 {generation} 代于“{openedAt}”启用，没有记录表明此后写入的内容已在另一侧，因此不予删除。请恢复两侧服务器并把切换或回退执行完毕；如要放弃该库，请先导出并指明导出文件：新侧用“cutover settle --give-up 主机:路径”，旧侧用“retention rearm --give-up 主机:路径”，均须两人同意。',
  },
  'not-given-up': {
    en: 'The database {database} took writes that may be nowhere else, and is not replaced: {found:givenUpFound} (dump "{dump}"[?, SHA-256 {digest}][?, agreed by "{by}"]). Two people have to close a task of this move each, with that SHA-256 in its note or the dump as its evidence; the dump has to be made since the database was opened.',
    zh: '{database}写入过可能别处没有的数据，不予替换：{found:givenUpFound}（导出文件“{dump}”[?，SHA-256 {digest}][?，已同意：“{by}”]）。须由两人各完成本迁移的一项任务，在备注中写明该 SHA-256 或以导出文件为附件；且导出须在该库启用之后进行。',
  },
  'link-lost': {
    en: 'Replication from {from} into {to} can never catch up: slot "{slot}" on {from} is {found}. Set "replace: true" and run the step again, which copies everything anew; raise "max_slot_wal_keep_size" there if it was too small.',
    zh: '{from}到{to}的复制已无法追平：{from}上的复制槽“{slot}”状态为 {found}。请设置“replace: true”后重新执行该步骤，将重新复制全部数据；如“max_slot_wal_keep_size”过小，请一并调大。',
  },
  'tables-not-published': {
    en: '{count} tables on {from} are not replicated, because its administrator may not act for their owners ({tables}). Give these tables to a role of the application ("alter table … owner to …"), or make the administrator a member of their owners, and repeat the step.',
    zh: '{from}上有 {count} 个表没有被复制，因为其管理员不能以其所有者身份操作（{tables}）。请将这些表交给应用的角色（“alter table … owner to …”），或使管理员成为其所有者的成员，然后重新执行该步骤。',
  },
  'tables-made-anew': {
    en: '{count} tables on {from} were made anew under their old names since {to} began to follow them ({tables}): {to} still has the rows of those before. Have everything copied anew: before the switch "postgres-replicate" does it with "replace: true", during retention "qianyun retention rearm". Until then empty such a table and fill it again, instead of putting another in its place.',
    zh: '{from}上有 {count} 个表在{to}开始跟随之后以原名重建（{tables}），{to}上仍是原表的行。请重新复制全部数据：切换前以“replace: true”执行“postgres-replicate”，保留期内执行“qianyun retention rearm”。此后请清空并重新填充该表，不要用另一个表替换。',
  },
  'side-state-changed': {
    en: 'The side {database} is no longer "{expected:sideFound}", as this run left it: another run has taken over. Look at the state of both sides, then run the step again.',
    zh: '{database}不再是本次运行留下的“{expected:sideFound}”状态：已有另一次运行接手。请查看两侧状态，再重新执行该步骤。',
  },
  'target-not-empty': {
    en: 'The side {database} already holds {count} tables ("{tables}"). Empty it, or set "replace: true" to drop and make it anew.',
    zh: '{database}中已有 {count} 张表（“{tables}”）。请清空，或设置“replace: true”以删除重建。',
  },
  'client-tool-missing': {
    en: 'No "{program}" of version {wantedMajor} or newer was found on the runner[? (found: {found})]. Install the package "postgresql-client-{wantedMajor}" there.',
    zh: '运行器上没有 {wantedMajor} 或更新版本的“{program}”[?（现有：{found}）]。请在该处安装“postgresql-client-{wantedMajor}”。',
  },
  'client-tool-failed': {
    en: '"{program}" ended {how}: {tail}. Correct the cause and run the step again.',
    zh: '“{program}”{how}：{tail}。请排除原因后重新执行该步骤。',
  },
  'by-signal': { en: 'by a signal', zh: '被信号终止' },
  'by-exit-code': { en: 'with exit code {exitCode}', zh: '以退出码 {exitCode} 结束' },
  'marker-late': {
    en: "A marker written on {from} did not arrive on {to} within {waitedMs} ms[?: {reason}]. Look at the subscription on {to} and at its server's log.",
    zh: '在{from}写入的标记行未在 {waitedMs} 毫秒内到达{to}[?：{reason}]。请查看{to}上的订阅及其服务器日志。',
  },
  'initial-copy-stalled': {
    en: 'After {waitedMs} ms the first copy into {database} is still not complete for {count} tables ("{tables}")[?: {reason}]. Look at the log of that server; then run the step again.',
    zh: '经过 {waitedMs} 毫秒，{database}中 {count} 张表（“{tables}”）的首次复制仍未完成[?：{reason}]。请查看该服务器的日志，再重新执行该步骤。',
  },
  'apply-fails': {
    en: 'Changes do not arrive in {database}: its apply worker has failed {tries} times within {forMs} ms[?; conflicts counted there: {conflicts}]. The log of that server names the table and the reason. Correct that, and run the step again.',
    zh: '改动未能到达{database}：其 apply 进程在 {forMs} 毫秒内已失败 {tries} 次[?；该处计入的冲突：{conflicts}]。表与原因见该服务器的日志。请排除后重新执行该步骤。',
  },
  'initial-copy-fails': {
    en: 'The first copy of table "{table}" from {from} into {database} cannot end: it has failed {tries} times within {forMs} ms[?; the latter says of its rows: {reason}]. Correct the rows or the table on {from}, and run the step again. Where replication began with this copy, what it had made is taken away again. Where no reason is given, the log of {database} has it.',
    zh: '表“{table}”从{from}到{database}的首次复制无法完成：{forMs} 毫秒内已失败 {tries} 次[?；后者对其中的行报告：{reason}]。请在{from}修正相应的行或表，再重新执行该步骤。若复制由此次首次复制开始，其所建立的内容已被清除。未给出原因时，请查看{database}的日志。',
  },
  'open-transactions-on-target': {
    en: 'A replication slot on {database} cannot be made while write transactions are open on its server, in whichever database[?: {sessions}]. End them and run the step again.',
    zh: '{database}所在服务器上（任一数据库）有未结束的写事务，无法建立复制槽[?：{sessions}]。请结束这些事务后重新执行该步骤。',
  },
  'replicated-by-others': {
    en: 'The database {database} cannot be dropped while others replicate from or into it: {found}. Let their owners end that ("select pg_drop_replication_slot(…)", "drop subscription …"), and run the step again.',
    zh: '{database}仍被其他系统复制，不能删除：{found}。请由其所有者结束（select pg_drop_replication_slot(…)、drop subscription …）后重新执行该步骤。',
  },
  'lock-not-gotten': {
    en: 'Tables of {database} ("{tables}") stayed in use for {waitedMs} ms[?: {holders}]. Nobody was kept waiting for more than moments. End these sessions, or choose a quieter time, and run the step again.',
    zh: '{database}中的表（“{tables}”）在 {waitedMs} 毫秒内一直被占用[?：{holders}]。其他人每次只等待片刻。请结束这些会话或另选空闲时段，再重新执行该步骤。',
  },
  'sessions-stay': {
    en: 'Sessions on {database} did not end within {waitedMs} ms although they were told to[?: {sessions}]. Keep their programs from connecting, and run the step again.',
    zh: '{database}上的会话在 {waitedMs} 毫秒内未按要求结束[?：{sessions}]。请阻止这些程序连接，再重新执行该步骤。',
  },
  'slot-behind': {
    en: 'Slot "{slot}" reached "{reachedLsn}" where "{wantedLsn}" was expected; changes would be echoed. Run the step again.',
    zh: '复制槽“{slot}”到达“{reachedLsn}”，应为“{wantedLsn}”；否则改动会被回送。请重新执行该步骤。',
  },
  'sides-differ': {
    en: 'The sides differ (differences: {count}). {problems:sentences}[? Changes recorded on {side} since replication began: {recordedDdl}.]',
    zh: '两侧有 {count} 处不同。{problems:sentences}[?复制开始后{side}上记录的变更：{recordedDdl}。]',
  },
  'sides-changed': {
    en: '{side} was changed after both sides were compared[?: {recordedDdl}]. Run the step again: it compares anew.',
    zh: '比较两侧之后{side}发生了变更[?：{recordedDdl}]。请重新执行该步骤，将再次比较。',
  },
  'data-differs': {
    en: 'Both sides hold different data: {differences}. Compare these ranges, correct the wrong side, and verify again.',
    zh: '两侧数据不同：{differences}。请比较这些区段，纠正有误的一侧，再重新核对。',
  },
  'target-serves': {
    en: 'The side {database} is recorded as the one that serves, and is never dropped or written over. Roll back first, or name the other side.',
    zh: '{database}记录为在用的一侧，不予删除或覆盖。请先回退，或指定另一侧。',
  },
  'roles-change': {
    en: 'Roles were made or dropped on one of the servers while they were carried over, at each of {attempts} attempts ({reason}). Find out who does that (a directory that makes roles, a deployment under way), let it end, then run the step again.',
    zh: '在携带角色期间，其中一台服务器上的角色不断被创建或删除，{attempts} 次尝试均如此（{reason}）。请查明来源（创建角色的目录服务、正在进行的部署），待其结束后重新执行该步骤。',
  },
  'foreign-role': {
    en: 'The server that follows has roles of its own named "{roles}". They may belong to another system and are left as they are. Rename them on one of the servers; where they are for this system, name them in the plan among its databases\' appRoles.',
    zh: '跟随一侧的服务器上已有同名角色“{roles}”，可能属于其他系统，保持原样。请在其中一台服务器上改名；如属于本系统，请在计划的 appRoles 中列出。',
  },
  'owner-code': {
    en: 'A copy of {database} with its rows cannot be poured: functions that would run as a superuser are in keys of partitions, or cast what foreign keys compare: {functions}. Read them and give them to a superuser ("alter function … owner to postgres"), or copy the schema alone.',
    zh: '无法连同数据灌入 {database} 的副本：分区键或外键的类型转换中有会以超级用户权限执行的函数：{functions}。请审阅后把它们交给超级用户（alter function … owner to postgres），或只复制结构。',
  },
  'rehearsal-writers-stopped': {
    en: 'The writers of the rehearsal could not write through the entry "{entry}" as role "{role}" within {waitedMs} ms[?: {reason}]. Look at that role\'s password and at the rules of the pooler and of both servers, then retry.',
    zh: '演练的写入客户端在 {waitedMs} 毫秒内无法以角色“{role}”经入口“{entry}”写入[?：{reason}]。请查看该角色的口令及连接池和两侧服务器的访问规则，再重试。',
  },
  'entry-unknown': {
    en: '"{where}" has no entry "{entry}"[? (it has: "{known}")]. Correct "entryName", or add the entry\'s line.',
    zh: '“{where}”中没有入口“{entry}”[?（现有：“{known}”）]。请改正“entryName”，或加入该入口。',
  },
  'entry-of-others': {
    en: '"{where}" has an entry "{entry}" to {target}, which no rehearsal has made: the one of a rehearsal would have that name. Rename it, or take it out, and run the step again.',
    zh: '“{where}”中已有指向 {target} 的入口“{entry}”，并非演练所建，而演练的入口要用这一名称。请将其改名或移除，再重新执行该步骤。',
  },
  'session-pooling': {
    en: 'Entry "{entry}" pools by "session", so a pause would wait until every client has left. Set "pool_mode = transaction" for it.',
    zh: '入口“{entry}”按会话（session）池化，暂停须等所有客户端离开。请为其设置“pool_mode = transaction”。',
  },
  'pause-timed-out': {
    en: 'Entry "{entry}" could not be paused within {waitedMs} ms because a client\'s transaction stayed open; its clients go on. Find the long transaction, or try again at a quieter time.',
    zh: '入口“{entry}”未能在 {waitedMs} 毫秒内暂停，因为有客户端事务未结束；客户端继续运行。请找出该长事务，或在较空闲时重试。',
  },
  'logins-untried': {
    en: 'The logins of the application on {side} could not all be tried within {timeoutMs} ms. Look at the network and the load between the hosts that clients come from and that side, and try again.',
    zh: '在 {timeoutMs} 毫秒内未能试完应用在{side}的全部登录。请检查客户端所在主机与该侧之间的网络和负载后重试。',
  },
  'entry-shell-failed': {
    en: 'The shell on the host of the entry that was to replace its file [?ended with exit code {exitCode}][?said "{found}", expected was "{expected}"]. Look at that host, and run the step again.',
    zh: '入口主机上负责替换其文件的 shell [?以退出码 {exitCode} 结束][?输出“{found}”，预期为“{expected}”]。请检查该主机后重新执行该步骤。',
  },
  'pooler-unreachable': {
    en: 'pgbouncer at "{where}" does not take a connection to its console, or ended it: {because} Bring pgbouncer back, or the network to it, and try again.',
    zh: '“{where}”处的 pgbouncer 未接受或中断了到其管理控制台的连接：{because}请恢复 pgbouncer 或到它的网络后重试。',
  },
  'pooler-process-lost': {
    en: 'Not every pgbouncer process at "{where}" answers: {reached} were reached ({reason}). Clients of the others would hang after a switch. Bring every process back, or stop it; "ss -ltnp" on the entry host lists them.',
    zh: '“{where}”上并非每个 pgbouncer 进程都有应答：已连上 {reached} 个（{reason}）。其余进程的客户端在切换后会挂起。请恢复或停止这些进程；在入口主机上用“ss -ltnp”可列出它们。',
  },
  'entry-caught-by-all': {
    en: 'The file "{file}" has no line for entry "{entry}": its clients go by the line for all names ("*"), which a switch must not touch. Write the line "{line}" into the section [databases], reload pgbouncer, and run the step again.',
    zh: '文件“{file}”中没有入口“{entry}”的行：其客户端走通配行（“*”），而切换不得改动通配行。请在 [databases] 段中写入“{line}”，重新加载 pgbouncer，再重新执行该步骤。',
  },
  'entry-in-included-file': {
    en: 'The file "{file}" has no line for entry "{entry}"; the file "{included}", which it includes, has it. Name that one as "databasesFile".',
    zh: '文件“{file}”中没有入口“{entry}”的行；它包含的文件“{included}”中有。请将“databasesFile”改为后者。',
  },
  'reload-ignored': {
    en: 'pgbouncer did not take entry "{entry}" over from "{file}" at a RELOAD ({took} of {processes} processes did): the file is no part of its configuration, another line further on replaces this one, or the configuration cannot be read. Look at its log, and correct "databasesFile" or the configuration.',
    zh: 'pgbouncer 在 RELOAD 时没有采用“{file}”中的入口“{entry}”（{processes} 个进程中有 {took} 个采用）：该文件不属于其配置，后面另有一行取代了它，或配置无法读取。请查看其日志，改正“databasesFile”或配置。',
  },
  'reload-changes-more': {
    en: 'A RELOAD of pgbouncer for entry "{entry}" ("{file}") also changed settings that no step asked for ("{settings}"); they were put back in the running one. Its files hold changes that nobody has applied, or a line that cannot be read, which sets what follows to defaults: look at its log, put the files right, have it RELOAD, and run the step again.',
    zh: '为入口“{entry}”（“{file}”）让 pgbouncer 执行 RELOAD 时，还改动了步骤未要求的设置（“{settings}”）；运行中的 pgbouncer 已恢复原值。其配置文件中有尚未生效的改动，或有无法读取的一行（其后的设置会变为默认值）：请查看其日志，改正文件，执行 RELOAD，再重新执行该步骤。',
  },
  'entry-points-elsewhere': {
    en: 'Entry "{entry}" points at "{found}", where "{expected}" was expected. Point it there first with an "endpoint-pgbouncer" step.',
    zh: '入口“{entry}”指向“{found}”，应为“{expected}”。请先用“endpoint-pgbouncer”步骤指向该处。',
  },
  'entry-reaches-another-server': {
    en: 'To the host of entry "{entry}", the address "{named}" means another server, at "{found}": clients would come to that one. Let that host and the runner understand the address alike ("getent hosts", "/etc/hosts", port forwards), then have the pooler RECONNECT.',
    zh: '对入口“{entry}”的主机而言，地址“{named}”是另一台服务器“{found}”，客户端会到那里去。请使该主机与执行端对此地址的理解一致（getent hosts、/etc/hosts、端口转发），再让连接池执行 RECONNECT。',
  },
  'old-side-not-closed': {
    en: 'The side {database} is recorded as "{found:sideFound}", where "closed" was expected: only a side that a switchover has closed is disarmed and wiped. Name the old side.',
    zh: '{database}记录为“{found:sideFound}”，应为“已封锁”：只有切换后封锁的一侧才能解除和清除。请指定旧侧。',
  },
  'not-released': {
    en: 'No release of the old side by its owner is on record. What was left is disarmed and wiped only when a move closes, its retention over and its old side released in writing.',
    zh: '没有所属部门书面同意清除的记录。只有在迁移下线、保留期届满且书面同意之后，才能解除和清除旧侧。',
  },
  'too-early': {
    en: 'Nothing is disarmed or wiped before "{notBefore}": until then old data and way back are kept, whoever asks. Run the step again after that date.',
    zh: '在“{notBefore}”之前不做任何解除或清除：此前旧侧数据和退路一律保留。请在该日期之后重新执行该步骤。',
  },
  'switchover-busy': {
    en: 'Another run switches {database} at this moment. Wait until it has ended; then look at which side is open before running the step again.',
    zh: '另一次运行正在切换{database}。请等待其结束，查看哪一侧在用，再重新执行该步骤。',
  },
  'both-sides-open': {
    en: 'Both sides are recorded as open, {from} and {to}, and no switch ever leaves them so. Find out who opened the second one, close it by hand, and compare both sides before anything else.',
    zh: '{from}和{to}两侧都记录为在用，而切换从不会造成这种情况。请查明是谁启用了第二侧，手工封锁它，并先比较两侧。',
  },
  'side-open-already': {
    en: 'The side {side} is recorded as "open", where "closed" was expected: it serves, and there is nothing to open. Run the ordinary rollback to finish a switch that was interrupted.',
    zh: '{side}记录为在用，应为已封锁：它正在提供服务，无需启用。请执行普通回退以完成被打断的切换。',
  },
  'other-side-answers': {
    en: 'The new side {side} was expected to be gone, but {finding}. Roll back the ordinary way, which loses nothing. Where that is no longer possible and its data is to be given up, stop its server first; then run the step again.',
    zh: '新侧{side}应已丢失，但{finding}。请用普通方式回退，不会丢失数据。如已无法这样做且要放弃其上的数据，请先停止其服务器，再重新执行该步骤。',
  },
  'switchover-aborted': {
    en: 'The switchover was aborted in the part "{part:switchPart}", before its commit point: {cause} The side {side} serves as before, writers waited {writersWaitedMs} ms, nothing is lost. Remove the cause and run the step again.',
    zh: '切换在提交点之前的“{part:switchPart}”环节中止：{cause}{side}照常服务，写入者等待了 {writersWaitedMs} 毫秒，没有丢失任何数据。请排除原因后重新执行该步骤。',
  },
  'deadline-reached': {
    en: 'The deadline of {deadlineMs} ms was reached in the part "{part:switchPart}".',
    zh: '在“{part:switchPart}”环节达到了 {deadlineMs} 毫秒的期限。',
  },
  'fence-leaks': {
    en: 'The fence around {database} is not proven: {leaks}.',
    zh: '未能证明{database}已被封锁：{leaks}。',
  },
  'prepared-transactions': {
    en: 'The side {database} holds {count} prepared transactions. Let their coordinator commit them or roll them back; then run the step again.',
    zh: '{database}中有 {count} 个预备事务。请由其协调者提交或回滚，再重新执行该步骤。',
  },
  'transaction-too-long': {
    en: 'The switchover away from {database} was postponed {attempts} times because of long transactions[? ({sessions})]. Writers were not stopped. End these transactions, or choose a quieter time.',
    zh: '从{database}切换因长事务推迟了 {attempts} 次[?（{sessions}）]，没有中断写入。请结束这些事务，或另选空闲时间。',
  },
  'replication-not-live': {
    en: 'Replication into {database} by subscription "{subscription}" is not live: {reason}. Run the "postgres-replicate" step again, and look at the log of that server.',
    zh: '到{database}的复制（订阅“{subscription}”）没有在运行：{reason}。请重新执行“postgres-replicate”步骤，并查看该服务器的日志。',
  },
  'outcome-unknown': {
    en: 'The switch from {from} to {to} was cut off, and which of them serves cannot be told: {cause} Both may refuse writes until their servers answer; then run the step again, which reads the truth from them.',
    zh: '从{from}到{to}的切换中断，无法判断哪一侧在用：{cause}在服务器恢复应答之前两侧都可能拒绝写入；之后请重新执行该步骤，它会读取两侧的实际状态。',
  },
  'pair-unsettled': {
    en: 'Which of {from} and {to} serves is decided by {awaited}, whose server was waited for in vain for {waitedMs} ms: {cause} Bring it back and run the step again; nothing is opened before.',
    zh: '{from}与{to}中由哪一侧提供服务取决于{awaited}，等待其服务器 {waitedMs} 毫秒未果：{cause}请恢复该服务器后重新执行该步骤；在此之前不会启用任何一侧。',
  },
  'lead-unknown': {
    en: 'Which side of {database} serves was decided by {lead}, with which it was switched together, and that is not at hand here. Run the step again that switched both; nothing is opened before.',
    zh: '{database}由哪一侧提供服务取决于与其一同切换的{lead}，而此处无法获知其状态。请重新执行同时切换二者的步骤；在此之前不会启用任何一侧。',
  },
  'side-incomplete': {
    en: 'A copy into {side} was cut off: {count} tables do not hold all their rows ({tables}). Bring the other side back and let the copy end. To open this one all the same, with what it holds, set "evenIncomplete".',
    zh: '向{side}的复制曾中断：{count} 张表的数据不完整（{tables}）。请恢复另一侧并完成复制。如仍要以现有内容启用该侧，请设置“evenIncomplete”。',
  },
  'entry-unsettled': {
    en: 'The side {side} serves, but a switch was cut off, and no record shows that the entry leads its clients there. [?What had failed: {after} ]Bring pgbouncer and its host back and run the switch step again, which puts the entry right first.',
    zh: '{side}在用，但曾有一次切换中断，没有记录表明入口已把客户端引向该侧。[?先前的失败：{after}]请恢复 pgbouncer 及其主机后重新执行切换步骤，它会先理顺入口。',
  },
  'server-lost': {
    en: 'The connection to the server of {side} was lost[? before any client waited, and {serving} serves as before]: {because} Run the step again once the server answers.',
    zh: '与{side}所在服务器的连接已断开[?（此前没有任何客户端等待，仍由{serving}提供服务）]：{because}请待该服务器恢复应答后重新执行该步骤。',
  },
  'no-writes-taken': {
    en: 'The server of {side} takes no writes: {reason}. Bring it into order and run the step again.',
    zh: '{side}所在服务器不接受写入：{reason}。请处理后重新执行该步骤。',
  },
  'own-place-taken': {
    en: 'On {side}, "{object}" belongs to role "{role}", where Qianyun keeps its own records: what that role put there would run with the rights of the administrator. See what it holds, rename or drop it, and run the step again.',
    zh: '在{side}，“{object}”归角色“{role}”所有，而迁云要在那里保存自己的记录：该角色放在其中的代码会以管理员权限执行。请查看其内容，改名或删除后重新执行该步骤。',
  },
  'database-unreachable': {
    en: 'The server of {server} does not take the connection "{connection}", or ended it: {because} Bring the server back, or the network to it, and try again.',
    zh: '{server}所在服务器未接受或中断了连接“{connection}”：{because}请恢复该服务器或到它的网络后重试。',
  },
  'switch-unfinished': {
    en: 'The side {side} serves, but not all that follows a switch is done: {cause} Remove the cause and run the step again, which goes on from there.',
    zh: '{side}在用，但切换之后的工作没有全部完成：{cause}请排除原因后重新执行该步骤，将从该处继续。',
  },
  'writers-wait': {
    en: 'The side {side} serves, but entry "{entry}" could not be told to let its clients go on: {cause} They wait until it is; bring pgbouncer and its host back and run the step again, or give RESUME there by hand.',
    zh: '{side}在用，但无法让入口“{entry}”放行客户端：{cause}客户端将一直等待；请恢复 pgbouncer 及其主机后重新执行该步骤，或在该处手工执行 RESUME。',
  },
  'new-side-unknown': {
    en: 'Whether the new side {database} serves cannot be read there: {cause} Bring its server back.',
    zh: '无法读取新侧{database}是否在用：{cause}请恢复其服务器。',
  },
})
