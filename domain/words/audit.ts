import { words } from './message.ts'

/** What the audit log is held against, by table. */
export const auditTables = words({
  audit_entry: { en: 'entry of the audit log', zh: '审计日志记录' },
  audit_head: { en: 'end of the audit log', zh: '审计日志末尾' },
  event: { en: 'event', zh: '事件' },
  migration: { en: 'state of the move', zh: '迁移状态' },
  account: { en: 'account', zh: '账号' },
  system: { en: 'entry of the ledger', zh: '台账条目' },
  plan: { en: 'plan', zh: '方案' },
  plan_ledger: { en: 'ledger as it was for the plan', zh: '方案对应的台账' },
  plan_before_bindings: { en: 'plan from before secrets were bound', zh: '凭据绑定之前的方案' },
  launch: { en: 'launch', zh: '发起' },
  command: { en: 'command', zh: '指令' },
  report: { en: 'report', zh: '报告' },
  fact: { en: 'stored facts', zh: '所存内容' },
  evidence: { en: 'evidence', zh: '证据' },
  evidence_upload: { en: 'upload of evidence', zh: '证据上传' },
  evidence_use: { en: 'attachment of evidence', zh: '证据附件' },
  playbook_file: { en: 'file of a playbook', zh: '剧本文件' },
  playbook_run: { en: 'run of a playbook', zh: '剧本运行' },
  secret_address: { en: 'decision about an address of a secret', zh: '凭据地址的决定' },
  workflow_end: { en: 'end of a workflow', zh: '工作流的结束' },
  schema_version: { en: 'version of the schema', zh: '结构版本' },
  rights: { en: 'rights and triggers of the database', zh: '数据库的权限与触发器' },
})

/** What says otherwise. */
export const auditWitnesses = words({
  entry: { en: 'entry', zh: '审计日志记录' },
  chain: { en: 'the chain', zh: '链' },
  content: { en: 'its own content', zh: '其自身内容' },
  events: { en: 'what the events add up to', zh: '由事件推得的状态' },
  event: { en: 'the event of entry', zh: '日志记录所载事件' },
  end: { en: 'the end of the log', zh: '日志的末尾' },
  key: { en: 'the key of the signer', zh: '签字人的密钥' },
  rules: { en: 'the product', zh: '产品' },
})

/** Why two readers read a JSON text differently. */
export const jsonFaults = words({
  'not-json': { en: 'it is no JSON', zh: '不是 JSON' },
  'key-twice': { en: 'a key stands twice', zh: '有重复的键' },
  'lone-surrogate': { en: 'half of a surrogate pair', zh: '含单个代理码元' },
  number: { en: 'a number that no double holds', zh: '含双精度无法表示的数' },
  'too-deep': { en: 'it is nested too deep', zh: '嵌套过深' },
})

export const auditSentences = words({
  'audit-column-differs': {
    en: 'The {table:auditTable} "{record}" has {column} "{found}"; by {witness:auditWitness}[? {sequence}] it is "{expected}".',
    zh: '{table:auditTable}“{record}”的 {column} 为“{found}”；按{witness:auditWitness}[? {sequence}]应为“{expected}”。',
  },
  'audit-record-missing': {
    en: 'The {table:auditTable} "{record}" is missing; {witness:auditWitness}[? {sequence}] says that it was there.',
    zh: '缺少{table:auditTable}“{record}”；{witness:auditWitness}[? {sequence}]表明它曾存在。',
  },
  'audit-record-unrecorded': {
    en: 'The {table:auditTable} "{record}" is there, but no entry of the audit log has it.',
    zh: '存在{table:auditTable}“{record}”，但审计日志中没有相应记录。',
  },
  'audit-json-not-strict': {
    en: 'In the {table:auditTable} "{record}", {column} is JSON that two readers read differently ({fault:jsonFault}[? at "{at}"]).',
    zh: '{table:auditTable}“{record}”的 {column} 是不同程序会读出不同结果的 JSON（{fault:jsonFault}[?，位于“{at}”]）。',
  },
  'audit-cut-off': {
    en: 'The audit log ends at entry {found}, and had come to entry {expected}: entries were cut off.',
    zh: '审计日志止于第 {found} 条，而曾记到第 {expected} 条：末尾的记录被删去。',
  },
  'audit-right-missing': {
    en: 'A right of a process, or a trigger that keeps rows from being changed, is missing in the database: {right}.',
    zh: '数据库中缺少某进程的权限，或防止改动的触发器：{right}。',
  },
  'audit-right-too-much': {
    en: 'In the database there is a right that no process is to have: {right}.',
    zh: '数据库中存在任何进程都不应有的权限：{right}。',
  },
  'audit-not-asked-for': {
    en: 'The event "{record}" ({type}) names {account}, and nothing on record says that {account} asked for it.',
    zh: '事件“{record}”（{type}）署名 {account}，但记录中没有 {account} 提出该请求的内容。',
  },

  'audit-next-not-asked-for': {
    en: 'Ask {account}, and find out who can record events: the process "orchestrator" or an administrator of the database. Hold the move until that is known.',
    zh: '请询问 {account}，并查明谁能写入事件：orchestrator 进程或数据库管理员。查明之前请暂缓该迁移。',
  },
  'audit-next-restore': {
    en: 'Find out who changed it, and put it back from a backup.[? What was recorded: `qianyun audit list --after {after} --limit 1`.]',
    zh: '请查明是谁改动的，并从备份恢复。[?当时的记录：`qianyun audit list --after {after} --limit 1`。]',
  },
  'audit-next-fold': {
    en: 'Find out who changed it; `npm run database` adds the events up anew and puts on record that it did.',
    zh: '请查明是谁改动的；`npm run database` 会由事件重新推得状态，并记录在案。',
  },
  'audit-next-rights': {
    en: 'Find out who changed it; `npm run database` puts the rights back. A trigger, and a right that the owner of the tables cannot take away, take a superuser.',
    zh: '请查明是谁改动的；`npm run database` 会恢复权限。触发器，以及表的所有者无法收回的权限，须由超级用户处理。',
  },

  'audit-not-outside': {
    en: 'Whether somebody who may rewrite the whole database has written the log anew together with all that rests on it: hold it against a head that is kept elsewhere (`qianyun audit verify --head SEQUENCE:HASH`)',
    zh: '有权改写整个数据库的人是否连同所有相关内容一起重写了日志：请与另处保存的链头比对（`qianyun audit verify --head 序号:哈希`）',
  },
  'audit-not-refusals': {
    en: 'Refusals, withdrawn launches, workflows that run again, who imported the ledger and when, beyond the chain: nothing but the entry says it',
    zh: '拒绝、撤回的发起、重新运行的工作流，以及台账由谁在何时导入：除链之外未核对，因为只有日志记载',
  },
  'audit-not-working-state': {
    en: 'Progress of steps and measurements of ways back (step_journal, step_mark, way_back_measurement): they are rewritten as work goes on; what came of them are events',
    zh: '步骤进度与退路测量（step_journal、step_mark、way_back_measurement）：随工作进行而改写，其结果已成为事件',
  },
  'audit-not-temporal': {
    en: 'Histories in Temporal, and files in the home folder (secrets, tokens, keys)',
    zh: 'Temporal 中的历史，以及主目录中的文件（凭据、令牌、密钥）',
  },
  'audit-not-earlier': {
    en: '{column} of {count} records ({table:auditTable}): entries of earlier versions do not have it',
    zh: '{count} 条记录（{table:auditTable}）的 {column}：早期版本的日志未记载',
  },
})
