import { words } from './message.ts'

/** What the API answers instead of doing what was asked, where the rules of a move were not asked or did not refuse. */
export const problems = words({
  'token-missing': {
    en: 'No token was given. Send "Authorization: Bearer <token>" with the token of an account.',
    zh: '没有提供令牌。请以“Authorization: Bearer <令牌>”附上账号的令牌。',
  },
  'token-unknown': {
    en: 'The token belongs to no account. Use the token of an account of this server.',
    zh: '令牌不属于任何账号。请使用此服务器的账号令牌。',
  },
  'unknown-system': {
    en: 'There is no system "{id}". Check the spelling.',
    zh: '没有系统“{id}”，或无权查看。请检查写法。',
  },
  'unknown-plan': {
    en: 'There is no plan "{id}". Check the spelling.',
    zh: '没有计划“{id}”，或无权查看。请检查写法。',
  },
  'unknown-migration': {
    en: 'There is no migration "{id}". Check the spelling.',
    zh: '没有迁移“{id}”，或无权查看。请检查写法。',
  },
  'unknown-report': {
    en: 'There is no report "{id}". Check the spelling.',
    zh: '没有报告“{id}”。请检查写法。',
  },
  'unknown-evidence': {
    en: 'There is no evidence "{id}". Check the spelling.',
    zh: '没有证据“{id}”。请检查写法。',
  },
  'unknown-facts': {
    en: 'There are no facts "{id}". Check the spelling.',
    zh: '没有内容“{id}”，或无权查看。请检查写法。',
  },
  'unknown-account': {
    en: 'There is no account "{id}". Check the spelling.',
    zh: '没有账号“{id}”。请检查写法。',
  },
  'unknown-playbook-run': {
    en: 'There is no playbook run "{id}". Check the spelling.',
    zh: '没有剧本运行“{id}”。请检查写法。',
  },
  'unknown-playbook': {
    en: 'There is no playbook "{playbook}", expected one of "{known}". Correct the name, or add its folder to playbooks/.',
    zh: '没有剧本“{playbook}”，现有“{known}”。请改正名称，或在 playbooks/ 中新增该剧本。',
  },
  'unknown-route': {
    en: 'There is no {method} {path}. See /openapi.json.',
    zh: '没有接口 {method} {path}。参见 /openapi.json。',
  },
  'no-key': {
    en: '"{account}" has no registered key. Have an administrator register one before signing.',
    zh: '“{account}”没有登记签名密钥。请先由管理员登记。',
  },
  'other-key': {
    en: '"{keyId}" is not the key of "{account}"; that is "{expected}". Sign with your own key.',
    zh: '“{keyId}”不是“{account}”的密钥，应为“{expected}”。请用自己的密钥签署。',
  },
  'other-text': {
    en: 'The signed text differs from the statement put before you, which may have changed since. Read it again and sign that.',
    zh: '签署的文本与应签的文本不同（后者可能已有变化）。请重新阅读后签署。',
  },
  'wrong-signature': {
    en: 'The signature is not one by the key "{keyId}" over this text. Sign it again with that key.',
    zh: '签名与密钥“{keyId}”和该文本不符。请用该密钥重新签署。',
  },
  'no-lab': {
    en: 'is "lab", and this server is no lab; write "production", or use a server that was started as a lab (QIANYUN_PROFILE=lab)',
    zh: '为“lab”，而此服务器不是实验环境；请写“production”，或使用以实验环境启动的服务器（QIANYUN_PROFILE=lab）',
  },
  'others-row': {
    en: '"{system}" is not yours to write: the row or its department belongs to another programme, or to a department you do not act for. Have a coordinator of that programme import it, or an administrator give you the department.',
    zh: '“{system}”不归您填报：该行或其部门属于其他统筹计划，或不在您负责的部门之内。请由该统筹计划的协调小组导入，或请管理员将该部门交由您负责。',
  },
  'already-moving': {
    en: '"{system}" is already being moved by "{migration}". A system has one move at a time; wait until it has ended, or abort it.',
    zh: '“{system}”正由“{migration}”迁移；一个系统同时只能有一次迁移。请等待其结束，或将其中止。',
  },
  'temporal-unavailable': {
    en: "Qianyun's own Temporal server does not answer. Nothing is lost: moves go on once it is back. Try again in a moment; /healthz says whether it answers.",
    zh: '迁云自身的 Temporal 服务没有应答。数据不会丢失，恢复后迁移继续进行。请稍后重试；/healthz 会说明其是否应答。',
  },
  'workflow-not-ready': {
    en: 'The move cannot take commands yet. Try again in a moment.',
    zh: '迁移暂时不能接受操作，请稍后重试。',
  },
  'not-answered-in-time': {
    en: 'No worker answered in time. Check that the workers run, then send the same request with the same Idempotency-Key: it is carried out once.',
    zh: '没有工作进程及时应答。请确认其在运行，并以同一幂等键重发：只会执行一次。',
  },
  'method-not-allowed': {
    en: '"{path}" has no method {method}. Use {allowed}; /openapi.json says what each does.',
    zh: '“{path}”不支持方法 {method}。可用 {allowed}；各自的作用见 /openapi.json。',
  },
  'route-without-roles': {
    en: 'The route "{route}" does not say which roles it is for. Name them in the contract.',
    zh: '接口“{route}”没有指定角色。请在契约中写明。',
  },
  'secret-in-text': {
    en: 'The request was not taken: {problems}.',
    zh: '未接受该请求：{problems}。',
  },
  'secret-found': {
    en: 'holds what looks like {secret:secret}; what is written here stays on record for good. Take it out, keep the secret in the store of secrets, and change it if it has been sent anywhere',
    zh: '疑似含有{secret:secret}；所写内容将永久留存。请去掉，将其保存在凭据库中；若已外传请立即更换',
  },
  'policy-under-floor': {
    en: '{what:input} is not valid: {problems}. Correct it and send it again.',
    zh: '{what:input}低于规定的最低要求：{problems}。请改正后重发。',
  },
  'invalid-config': {
    en: 'The configuration is not valid: {problems}. Correct the named environment variables and start again.',
    zh: '配置无效：{problems}。请改正所列环境变量后重新启动。',
  },
  'invalid-context-file': {
    en: 'The context file "{path}" is not valid: {problems}. Correct it, or remove it and begin anew with "qianyun context set".',
    zh: '上下文文件“{path}”无效：{problems}。请改正，或删除后用“qianyun context set”重新建立。',
  },
  'wrong-content-type': {
    en: 'The content type is not accepted by this route. Send application/json.',
    zh: '该接口不接受此内容类型。请发送 application/json。',
  },
  'body-too-large': {
    en: 'The body is larger than this route accepts. Send less.',
    zh: '提交的内容超过该接口的上限。请减少内容。',
  },
  'malformed-json': {
    en: 'The body is not JSON. Correct it and send it again.',
    zh: '提交的内容不是 JSON。请改正后重发。',
  },
  'wrong-length': {
    en: 'The body is not as long as Content-Length says. Send it again.',
    zh: '内容长度与 Content-Length 不符。请重发。',
  },
  'malformed-request': {
    en: 'The request is malformed. Correct it and send it again.',
    zh: '请求格式错误。请改正后重发。',
  },
  refused: { en: 'The request was refused.', zh: '请求被拒绝。' },
  'storage-unavailable': {
    en: 'The database of Qianyun does not answer, or takes nothing. Try again in a moment; /healthz says since when.',
    zh: '迁云自身的数据库没有应答，或无法写入，请稍后重试；/healthz 会说明自何时起。',
  },
  'not-recording': {
    en: 'The database of Qianyun has taken nothing since {since}: {reason}. No event, task, evidence or audit entry is recorded; moves wait, and what is shown of them is from before. Free the disk of that database, or start it; what has happened is recorded then.',
    zh: '迁云自身的数据库自 {since} 起未能写入任何内容：{reason}。事件、任务、证据和审计均未记录；迁移在等待，所示状态均为此前的状态。请清理该数据库的磁盘或将其启动，届时会补记已发生的事。',
  },
  internal: {
    en: 'Internal error. No change is known to have been made; the log has more.',
    zh: '服务器内部错误，未发现有任何改动；详情见日志。',
  },
  'no-end-to-acknowledge': {
    en: 'The move "{migration}" is {standing:standing}; there is no end to acknowledge.',
    zh: '迁移“{migration}”{standing:standing}，没有需要确认的结束。',
  },
  'ended-outside': {
    en: 'The move "{migration}" ended outside Qianyun ({how:workflowEnd}[? by {by}][? at {at}][?: "{reason}"]). It was in {phase:phase}[?, step "{step:step}"]; by its record {serves:side} serves[? and {fenced:side} is fenced]. Have it carried on from its record (qianyun migration recover {system}), or acknowledge the end with a reason (docs/operations.md says when which); until then nothing is launched.',
    zh: '迁移“{migration}”在迁云之外结束（{how:workflowEnd}[?，操作者 {by}][?，{at}][?：“{reason}”]）。当时处于{phase:phase}[?，步骤“{step:step}”]；按记录，在用的是{serves:side}[?，{fenced:side}已封锁]。请按记录续办（qianyun migration recover {system}），或说明理由确认其结束（如何选择见 docs/operations.md）；在此之前不能重新发起。',
  },
  'move-runs': {
    en: 'The workflow of the move "{migration}" runs; it has not ended. Abort it before its cutover, or roll back after it.',
    zh: '迁移“{migration}”的工作流仍在运行，并未结束。割接前可以中止，割接后可以回退。',
  },
  'playbook-runs': {
    en: 'The move "{migration}" has ended, but its playbook "{workflowId}" is still at work on the hosts. Wait until it has ended and try again.',
    zh: '迁移“{migration}”已经结束，但其剧本“{workflowId}”仍在主机上运行。请等待其结束后重试。',
  },
  'sides-unknown': {
    en: 'Which side of "{migration}" serves cannot be told: the old one is "{old:sideFound}", the new one "{new:sideFound}"; one of them open was expected. Have the move carried on from its record (qianyun migration recover {system}), which settles its sides. Otherwise look at the databases and at the entry yourself, and run the playbook of the switch that was cut off to its end ({commands}); then acknowledge again, and say which side serves ("old" or "new") where they still do not answer.',
    zh: '无法判断“{migration}”的哪一侧在用：旧侧“{old:sideFound}”，新侧“{new:sideFound}”；应有一侧在用。请按记录续办（qianyun migration recover {system}），由其处理两侧状态。否则请自行查看数据库和入口，将中断的切换剧本执行到底（{commands}），再重新确认；如仍无应答，请说明是哪一侧在用（old 或 new）。',
  },
  'other-side-serves': {
    en: 'By its own record {found:side} of "{migration}" serves, not {claimed:side}. Look again before going on.',
    zh: '按“{migration}”两侧自身的记录，在用的是{found:side}，而不是{claimed:side}。请重新查看。',
  },
  'new-side-serves': {
    en: '"{system}" is served by the new side since "{migration}", which ended outside Qianyun; what the plan moves from is fenced and stale. Have that move carried on from its record (qianyun migration recover {system}), or plan a move from where the system is now.',
    zh: '“{system}”自“{migration}”起由新侧在用，该迁移在迁云之外结束；计划中的旧侧已封锁且数据陈旧。请按记录续办该迁移（qianyun migration recover {system}），或从系统现在的位置另行制定计划。',
  },
  'no-way-without-new-side': {
    en: 'Neither the playbook "{playbook}" of "{migration}" nor "{instead}" has an input "{input}": they go back only with both sides. Bring the new side\'s server back, or put the playbook "{instead}" of this version into the folder of playbooks and give the command again.',
    zh: '“{migration}”的剧本“{playbook}”和“{instead}”都没有输入项“{input}”：只能在两侧均在时回退。请恢复新侧服务器，或将本版本的剧本“{instead}”放入剧本文件夹后重新执行该命令。',
  },
  'plan-exists': {
    en: 'There is a plan "{plan}" already, with digest "{digest}", and plans are frozen. Give the new one another name.',
    zh: '已有计划“{plan}”，摘要为“{digest}”，且计划已冻结。请另取名称。',
  },
  'report-exists': {
    en: 'Version {version} of the report of "{migration}" is stored already with another content. Issue it as the next version.',
    zh: '“{migration}”的第 {version} 版报告已保存，且内容不同。请作为下一版出具。',
  },
  altered: {
    en: 'The {what:stored} stored under the SHA-256 "{digest}" has "{found}": it was changed in the database since. Nothing is taken from it. Put the database back from a backup, and find out who changed it.',
    zh: '以 SHA-256“{digest}”保存的{what:stored}实为“{found}”：它在数据库中被改动过，不予采用。请从备份恢复数据库，并查明是谁改动的。',
  },
  'event-conflict': {
    en: 'Event {sequence} of "{migration}" is recorded as "{stored:event}", but "{offered:event}" with another content was offered. Nothing was recorded. Two writers hold this move, or it was reset to before what is on record. Find the other and stop it, or reset to a later task.',
    zh: '“{migration}”的第 {sequence} 号事件已记录为“{stored:event}”，却又收到内容不同的“{offered:event}”。没有记录任何内容。可能有两个写入者，或迁移被重置到了记录之前。请找出并停止另一个，或重置到更晚的任务。',
  },
  'event-gap': {
    en: 'Event {found} of "{migration}" was offered, but {expected} has to come first, and the database does not have it. Nothing was recorded. Make sure that this is the right database and that it is whole.',
    zh: '收到“{migration}”的第 {found} 号事件，但数据库中缺少应在其前的第 {expected} 号。没有记录任何内容。请确认数据库正确且完整。',
  },
  'database-newer': {
    en: 'The database has schema {found}; this version of the product knows schemas up to {supported}. Going on would be unsafe. Start the newer version, or restore a backup made before it.',
    zh: '数据库的结构版本为 {found}；此版本只支持到 {supported}。继续运行不安全。请启动更新的版本，或恢复升级前的备份。',
  },
  'database-older': {
    en: 'The database has schema {found}; this version of the product needs schema {wanted}. No process upgrades the database: its owner does. Run `npm start`, or, where the processes are started one by one, `npm run database` with the DATABASE_URL of the owner of the tables.',
    zh: '数据库的结构版本为 {found}；此版本的产品需要 {wanted}。各进程不升级数据库，由表的所有者升级。请运行 `npm start`；若各进程分别启动，请以表所有者的 DATABASE_URL 运行 `npm run database`。',
  },
  'process-roles-missing': {
    en: 'The database has no {roles}, and the role that DATABASE_URL names may not make them. As a superuser, run: {statements}. Give each the password that its file in `own-secrets` holds, and start again.',
    zh: '数据库中没有{roles}，且 DATABASE_URL 所用的角色无权创建。请以超级用户执行：{statements}。各角色的口令取自 `own-secrets` 中相应的文件，然后重新启动。',
  },
})
