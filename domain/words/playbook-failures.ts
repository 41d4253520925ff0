import { words } from './message.ts'

/** What is wrong with a playbook or its run. The places are public fields of the errors with these codes. */
export const playbookFailures = words({
  'invalid-input': {
    en: '{what:input} is not valid: {problems}. Correct it and send it again.',
    zh: '{what:input}无效：{problems}。请改正后重发。',
  },
  'expression-error': {
    en: 'The expression "{expression}" fails: {reason}. Correct it in the playbook.',
    zh: '表达式“{expression}”出错：{reason}。请在剧本中改正。',
  },
  'one-site-variable': {
    en: '"sites.{side}" stands for one site, and "{side}" has {count}[?: "{names}"]; repeat the step for each (forEach: sides.{side}.sites, and each.url for sites.{side}.url), or bind "{side}" to a host with one site',
    zh: '“sites.{side}”只表示一个站点，而“{side}”有 {count} 个[?：“{names}”]；请对每个站点重复该步骤（forEach: sides.{side}.sites，用 each.url 代替 sites.{side}.url），或把“{side}”绑定到只有一个站点的主机',
  },
  'one-application-variable': {
    en: '"application" stands for the one application of a plan, and this plan has {count}[?: "{names}"]; repeat the step for each (forEach: plan.applications, and each.healthPath for application.healthPath), or name one (applications["NAME"].healthPath)',
    zh: '“application”只表示计划中唯一的应用，而本计划有 {count} 个[?：“{names}”]；请对每个应用重复该步骤（forEach: plan.applications，用 each.healthPath 代替 application.healthPath），或指明一个（applications["NAME"].healthPath）',
  },
  'one-database-variable': {
    en: '"databases.{side}" stands for the one PostgreSQL database of a plan, and this plan has {count}[?: "{names}"]; name one (datasets["NAME"].{side}), or repeat the step for each (forEach: plan.datasets, and each.{side})',
    zh: '“databases.{side}”只表示计划中唯一的 PostgreSQL 数据库，而本计划有 {count} 个[?：“{names}”]；请指明一个（datasets["NAME"].{side}），或对每个数据库重复该步骤（forEach: plan.datasets，用 each.{side}）',
  },
  'one-endpoint-variable': {
    en: '"endpoints.{variable}" stands for the one endpoint of kind "{kinds}" of a plan, and this plan has {count}[?: "{names}"]; name one (endpoints["NAME"]), or repeat the step for each (forEach: plan.endpoints)',
    zh: '“endpoints.{variable}”只表示计划中唯一的“{kinds}”入口，而本计划有 {count} 个[?：“{names}”]；请指明一个（endpoints["NAME"]），或对每个入口重复该步骤（forEach: plan.endpoints）',
  },
  'unknown-host': {
    en: 'Nothing binds the host "{host}"[?, expected one of "{known}"]. Bind it when starting the run, or correct the playbook.',
    zh: '没有绑定主机“{host}”[?，应为“{known}”之一]。请在启动运行时绑定，或改正剧本。',
  },
  'several-hosts': {
    en: '"{host}" stands for {count} hosts here: "{found}", where the step is carried out on one. Repeat it for each (forEach: sides.{host}.hosts, with each.name as its host), or bind "{host}" to one of them.',
    zh: '“{host}”在此表示 {count} 台主机：“{found}”，而该步骤只在一台上执行。请对每台重复（forEach: sides.{host}.hosts，以 each.name 为主机），或把“{host}”绑定到其中一台。',
  },
  'unknown-database': {
    en: 'Nothing binds the database "{database}"[?, expected one of "{known}"]. Bind it when starting the run, or correct the playbook.',
    zh: '没有绑定数据库“{database}”[?，应为“{known}”之一]。请在启动运行时绑定，或改正剧本。',
  },
  'unknown-playbook-file': {
    en: 'The folder of the playbook holds no file "{path}"[?, expected one of "{known}"]. Correct the path, or add the file and make a new plan.',
    zh: '剧本文件夹中没有文件“{path}”[?，现有“{known}”]。请改正路径，或加入该文件并另建计划。',
  },
  'unknown-step': {
    en: 'The playbook "{playbook}" has no step "{stepId}". Name one of its steps.',
    zh: '剧本“{playbook}”中没有步骤“{stepId}”。请指定其中的步骤。',
  },
  'undeclared-secret': {
    en: 'The playbook uses the secret "{secretName}" without declaring it. Add it to "secrets" at its top.',
    zh: '剧本使用了未声明的凭据“{secretName}”。请将其加入开头的“secrets”。',
  },
  'only-in-move': {
    en: 'The playbook "{playbook}" was to run outside a move, but has steps that run in a move alone: {steps}. Nothing was run: launch a move with this playbook in its plan, or take these steps out.',
    zh: '剧本“{playbook}”含有只能在迁移之内执行的步骤：{steps}。没有执行任何操作。请在计划中使用该剧本并发起迁移，或去掉这些步骤。',
  },
  'undo-failed': {
    en: 'Undoing the step "{stepId}" failed: {reason}[? It was undone because of an earlier failure: {firstFailure}][? Undone so far: {undone}.] Put right what the message names and undo again.',
    zh: '撤销步骤“{stepId}”失败：{reason}[? 撤销的起因是先前的失败：{firstFailure}][? 已撤销：{undone}。] 请纠正所述问题后再次撤销。',
  },
  'undo-refused': {
    en: 'Undoing the step "{stepId}" was refused, because something would be lost: {reason}[? It was undone because of an earlier failure: {firstFailure}][? Undone so far: {undone}.] Put right what the message names and try again.',
    zh: '撤销步骤“{stepId}”被拒绝，否则会有数据丢失：{reason}[? 撤销的起因是先前的失败：{firstFailure}][? 已撤销：{undone}。] 请纠正所述问题后重试。',
  },
  'procedure-not-carried-out': {
    en: 'The procedure "{procedure}" has nobody to carry it out. Report this as a fault of its step kind.',
    zh: '过程“{procedure}”没有执行者。请作为该步骤类型的缺陷上报。',
  },
  'script-too-long': {
    en: 'A script for "{host}" has {sizeBytes} bytes, at most {limitBytes} fit into one command. Write it to a file there and run the file.',
    zh: '“{host}”的脚本有 {sizeBytes} 字节，一条命令最多 {limitBytes} 字节。请写入该处的文件后执行文件。',
  },
  'not-utf8': {
    en: '"{path}" is not UTF-8 (it may be GBK), so only ASCII can be edited in it, found "{text}". Give the file whole, or edit it by a "command" step with iconv.',
    zh: '“{path}”不是 UTF-8 编码（可能是 GBK），只能编辑其中的 ASCII 内容，而遇到“{text}”。请提供整个文件，或用带 iconv 的“command”步骤编辑。',
  },
  'half-character': {
    en: '"{path}" is not UTF-8 (it may be GBK), and in it "{find}" stands right behind such a character, or is the end of one. Look for a longer text that begins with a space, "/", "=" or the like.',
    zh: '“{path}”不是 UTF-8 编码（可能是 GBK），其中的“{find}”紧接在此类字符之后，或是其尾部。请改为查找以空格、“/”、“=”等开头的更长文本。',
  },
  'unquotable-value': {
    en: 'The value {value} holds {reason:unquotable}, which no command argument can carry. Remove it, or write the value to a file.',
    zh: '值 {value} 含有{reason:unquotable}，命令参数无法携带。请去掉，或将该值写入文件。',
  },
  'proxy-not-reloaded': {
    en: 'The service "{service}" on "{host}" was told to reload and did not take "{configFile}": it goes on with the configuration it had, and its log says why (a port that is in use, for example). Correct that or restart the service, and retry the step; the file already has the new address.',
    zh: '“{host}”上的服务“{service}”已被要求重新加载，但没有采用“{configFile}”，仍按原有配置运行，原因见其日志（例如端口被占用）。请排除原因或重启该服务，再重试该步骤；文件中已是新地址。',
  },
  'server-line-not-found': {
    en: 'The {proxy} configuration has {found} lines "{line}" in "{section}", expected {expected}. Correct the names in the plan, or the configuration.',
    zh: '{proxy} 配置的“{section}”中有 {found} 行“{line}”，应为 {expected} 行。请改正计划中的名称，或改正配置。',
  },
  'side-serves-elsewhere': {
    en: 'Replication was asked for from {from} to {to}, but {from} is not the side that serves, or {to} is not closed. Look at which side is open; to go back, run a "postgres-switchover" step the other way round.',
    zh: '要求从{from}复制到{to}，但{from}并非在用的一侧，或{to}未封锁。请查看哪一侧在用；如要回退，请反方向执行“postgres-switchover”步骤。',
  },
  'side-stale': {
    en: 'The side {stale} served in generation {staleGeneration}, but the side {serving} was opened without it since and serves in generation {generation}. What was written on {stale} alone is nowhere else. Stop its server for good, or dump it and give it up: "cutover settle --give-up HOST:PATH" for a new side, "retention rearm --give-up HOST:PATH" for an old one, once two people have agreed.',
    zh: '{stale}曾为第 {staleGeneration} 代在用，但{serving}此后已单独启用，为第 {generation} 代在用。只写在{stale}上的内容别处没有。请永久停止其服务器，或先导出再放弃：新侧用“cutover settle --give-up 主机:路径”，旧侧用“retention rearm --give-up 主机:路径”，均须两人同意。',
  },
  'new-side-not-serving': {
    en: 'The new side {database} does not serve as expected[? in generation {generation}][?: it is recorded as "{foundState:sideFound}" in generation {foundGeneration}]. A switch is under way, or was made outside the move: look at which side serves.',
    zh: '新侧{database}没有如预期[?（第 {generation} 代）]在用[?：现记录为第 {foundGeneration} 代“{foundState:sideFound}”]。可能正在切换，或在迁移之外做过切换：请查看哪一侧在用。',
  },
  'target-role-unfit': {
    en: 'Roles of the application could not log in to {database} after the switch: {roles}. Correct them there; its clients would otherwise hang or be refused.',
    zh: '切换之后应用的角色将无法登录{database}：{roles}。请在该处改正，否则客户端会挂起或被拒绝。',
  },
  'unknown-state-version': {
    en: 'The state of this move has the schema version "{found}", expected one of "{known}". Start the orchestrator of the version that wrote it, or a newer one; the move goes on then, and nothing of it is lost.',
    zh: '该迁移的状态为结构版本“{found}”，应为“{known}”之一。请启动写入它的版本或更新版本的编排器；迁移随后继续，不会丢失任何内容。',
  },
  'window-closed': {
    en: 'The switch must not run past "{notAfter}" and could not end before it. The side {side} serves as before. Schedule another window.',
    zh: '切换不得晚于“{notAfter}”，且无法在此之前结束，由{side}继续服务。请另行安排窗口。',
  },
})
