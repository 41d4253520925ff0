import { words } from './message.ts'

/** The words of the trade, as the glossary has them. */
export const phases = words({
  assessment: { en: 'assessment', zh: '评估' },
  resourcing: { en: 'resourcing', zh: '资源调配' },
  adaptation: { en: 'adaptation', zh: '适应性改造' },
  rehearsal: { en: 'rehearsal', zh: '测试演练' },
  'trial-run': { en: 'trial run', zh: '试运行' },
  recognition: { en: 'recognition', zh: '共同认可' },
  cutover: { en: 'cutover', zh: '割接' },
  retention: { en: 'retention', zh: '保留期' },
  closing: { en: 'closing', zh: '下线' },
})

export const standings = words({
  moving: { en: 'moving', zh: '进行中' },
  paused: { en: 'paused', zh: '已暂停' },
  'on-hold': { en: 'on hold', zh: '已暂缓' },
  blocked: { en: 'blocked', zh: '受阻' },
  closed: { en: 'closed', zh: '已办结' },
  aborted: { en: 'aborted', zh: '已中止' },
  'ended-outside': { en: 'ended outside Qianyun', zh: '在迁云之外结束' },
})

export const roles = words({
  coordinator: { en: 'coordinator', zh: '协调小组' },
  owner: { en: 'owner', zh: '所属部门' },
  provider: { en: 'provider', zh: '云服务商' },
  vendor: { en: 'vendor', zh: '承建厂商' },
  operations: { en: 'operations', zh: '运维' },
  auditor: { en: 'auditor', zh: '审计' },
  engine: { en: 'engine', zh: '系统自动' },
})

/** What a move needs the organisation of a role for: what nobody else could do. */
export const duties = words({
  coordinator: { en: 'launch, schedule or amend it', zh: '启动、安排或更正此次迁移' },
  owner: {
    en: "accept the findings and the vendor's work, sign the report and release the old data",
    zh: '接受评估结论、验收改造、签署报告、同意清除旧侧数据',
  },
  provider: { en: 'approve the hosts and sign the report', zh: '批准主机、签署报告' },
  vendor: { en: 'adapt the system and sign for it', zh: '完成适应性改造并签字' },
  operations: { en: 'decide its cutover and roll it back', zh: '决定割接和回退' },
})

export const taskStates = words({
  open: { en: 'open', zh: '待领取' },
  taken: { en: 'taken', zh: '处理中' },
  completed: { en: 'completed', zh: '已完成' },
  signed: { en: 'signed', zh: '已签字' },
  closed: { en: 'closed', zh: '已关闭' },
})

export const wayBackStates = words({
  'not-needed': { en: 'not needed: the old side serves', zh: '尚不需要：旧侧在用' },
  unknown: { en: 'not known yet: the new side serves', zh: '尚不清楚：新侧在用' },
  arming: { en: 'being armed: the new side serves', zh: '正在建立：新侧在用' },
  'given-up': {
    en: 'given up: the old side is being opened without the new one',
    zh: '已放弃：正在单独启用旧侧',
  },
  armed: { en: 'armed', zh: '就绪' },
  kept: { en: 'kept as it was left, not current', zh: '原样保留，未同步' },
  attested: { en: 'kept, as people attest; nobody looks', zh: '据证明已保留，无人核实' },
  degraded: { en: 'degraded', zh: '受损' },
  lost: { en: 'lost', zh: '已失去' },
  disarmed: { en: 'disarmed', zh: '已解除' },
  unwatched: {
    en: 'not known any more: the workflow has ended, the new side serves',
    zh: '已无从得知：工作流已结束，新侧在用',
  },
})

/** How the workflow of a move can have ended. */
export const workflowEnds = words({
  terminated: { en: 'terminated', zh: '被终止' },
  cancelled: { en: 'cancelled', zh: '被取消' },
  failed: { en: 'failed', zh: '失败' },
  'timed-out': { en: 'timed out', zh: '超时' },
  completed: { en: 'completed', zh: '已完成' },
  gone: { en: 'gone from Temporal', zh: '在 Temporal 中已不存在' },
})

export const sides = words({
  old: { en: 'the old side', zh: '旧侧' },
  new: { en: 'the new side', zh: '新侧' },
})

/** Cells of the ledger that a move rests on. */
export const ledgerCells = words({
  classified: { en: 'classified', zh: '涉密' },
  mlpsLevel: { en: 'MLPS level', zh: '等保级别' },
  department: { en: 'department', zh: '所属部门' },
})

/** What a look at a side finds. */
export const sidesFound = words({
  open: { en: 'open', zh: '在用' },
  closed: { en: 'closed', zh: '已封锁' },
  'never-switched': { en: 'never switched', zh: '从未切换' },
  stale: { en: 'stale', zh: '数据陈旧' },
  'no-answer': { en: 'no answer', zh: '没有应答' },
  mixed: { en: 'open for some of its databases only', zh: '仅部分数据库在用' },
})

/** What stands against giving a database up. */
export const givenUpFound = words({
  unreadable: { en: 'its dump cannot be read there', zh: '无法读取导出文件' },
  'no-dump': { en: 'that file is no dump of PostgreSQL', zh: '该文件不是 PostgreSQL 导出文件' },
  older: { en: 'the dump was made before the database was opened', zh: '导出早于该库启用' },
  'not-agreed': { en: 'two people have not agreed to it', zh: '尚未有两人同意' },
})

/** Lengths of time, in the units people read. */
export const durationUnits = words({
  d: { en: '{count} d', zh: '{count}天' },
  h: { en: '{count} h', zh: '{count}小时' },
  m: { en: '{count} min', zh: '{count}分' },
  s: { en: '{count} s', zh: '{count}秒' },
  ms: { en: '{count} ms', zh: '{count}毫秒' },
})

/** What people hand in, by its English name. */
export const inputs = words({
  'The CSV': { en: 'The CSV', zh: 'CSV' },
  'The dataset': { en: 'The dataset', zh: '数据集' },
  'The evidence': { en: 'The evidence', zh: '证据' },
  'The plan': { en: 'The plan', zh: '计划' },
  'The playbook': { en: 'The playbook', zh: '剧本' },
  'The policy': { en: 'The policy', zh: '策略' },
  'The repeated steps': { en: 'The repeated steps', zh: '重复的步骤' },
  'The request': { en: 'The request', zh: '请求' },
  'The list of systems': { en: 'The list of systems', zh: '系统清单' },
  'The schema change': { en: 'The schema change', zh: '表结构变更' },
  'The step': { en: 'The step', zh: '步骤' },
})

/** What a switch is doing while writers wait. */
export const switchParts = words({
  pause: { en: 'pause', zh: '暂停客户端' },
  fence: { en: 'fence', zh: '封锁' },
  terminate: { en: 'terminate', zh: '终止会话' },
  prove: { en: 'prove', zh: '验证封锁' },
  marker: { en: 'marker', zh: '等待标记行到达' },
  largeObjects: { en: 'large objects', zh: '大对象' },
  verify: { en: 'verify', zh: '核对热表' },
  disable: { en: 'disable', zh: '停用原复制方向' },
  sequences: { en: 'sequences', zh: '推进序列' },
  advance: { en: 'advance', zh: '推进反向复制槽' },
  subscribe: { en: 'subscribe', zh: '启用反向订阅' },
  open: { en: 'open', zh: '启用' },
  switch: { en: 'switch', zh: '切换入口' },
})

/** What a value is, in the words of people who write YAML and JSON. */
export const valueTypes = words({
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  array: { en: 'a list', zh: '列表' },
  object: { en: 'a mapping', zh: '映射' },
  record: { en: 'a mapping', zh: '映射' },
  null: { en: 'null', zh: '空值（null）' },
  undefined: { en: 'nothing', zh: '空' },
  host: { en: 'a host', zh: '主机' },
  database: { en: 'a database', zh: '数据库' },
  path: { en: 'an absolute path', zh: '绝对路径' },
  url: { en: 'a URL', zh: '网址' },
  date: { en: 'a date', zh: '日期' },
})

/** What a text was found to hold. */
export const secretKinds = words({
  password: { en: 'a password', zh: '口令' },
  'address-with-password': { en: 'an address with a password in it', zh: '带口令的地址' },
  'private-key': { en: 'a private key', zh: '私钥' },
  'access-key': { en: 'an access key', zh: '访问密钥' },
  'bearer-token': { en: 'a token', zh: '令牌' },
})

/** What is stored under its digest. */
export const storedThings = words({
  report: { en: 'report', zh: '报告' },
  evidence: { en: 'evidence', zh: '证据' },
  facts: { en: 'facts', zh: '内容' },
})

/** Why a value fits into no command argument. */
export const unquotableParts = words({
  nul: { en: 'a NUL byte', zh: 'NUL 字节' },
  'lone-surrogate': { en: 'half of a character', zh: '半个字符' },
})

export const switches = words({
  cutover: { en: 'cutover', zh: '割接' },
  rollback: { en: 'rollback', zh: '回退' },
})

export const dispositions = words({
  relocate: { en: 'relocate', zh: '整体搬迁' },
  rehost: { en: 'rehost', zh: '直接迁移' },
  replatform: { en: 'replatform', zh: '适配迁移' },
  refactor: { en: 'refactor', zh: '重构迁移' },
})

export const decisions = words({
  go: { en: 'go', zh: '执行' },
  'no-go': { en: 'no-go', zh: '不执行' },
  abort: { en: 'abort', zh: '中止' },
})

export const systemStates = words({
  registered: { en: 'registered', zh: '已登记' },
  planned: { en: 'planned', zh: '已计划' },
  moving: { en: 'moving', zh: '迁移中' },
  moved: { en: 'moved', zh: '已割接' },
  closed: { en: 'closed', zh: '已办结' },
  aborted: { en: 'aborted', zh: '已中止' },
})

/** What is done with a task. */
export const taskActions = words({
  'take-task': { en: 'taking it', zh: '领取' },
  'complete-task': { en: 'completing it', zh: '报告完成' },
  'sign-task': { en: 'signing it', zh: '签字' },
  'accept-task': { en: 'accepting it', zh: '接受' },
  'reject-task': { en: 'sending it back', zh: '退回' },
})

export const severities = words({
  critical: { en: 'critical', zh: '严重' },
  warning: { en: 'warning', zh: '警告' },
  information: { en: 'information', zh: '提示' },
})

export const profiles = words({
  lab: { en: 'LAB', zh: '实验环境' },
  production: { en: 'production', zh: '正式迁移' },
})

/** How a dataset of the old side follows the new one. */
export const channels = words({
  running: { en: 'running', zh: '运行中' },
  kept: { en: 'kept as it was left', zh: '原样保留' },
  stopped: { en: 'stopped', zh: '已停止' },
  'at-risk': { en: 'at risk', zh: '有风险' },
  broken: { en: 'broken', zh: '已中断' },
})

/** Figures of a dataset that follows, by their names. */
export const figures = words({
  waitingBytes: { en: 'bytes waiting', zh: '待传字节' },
  errors: { en: 'errors', zh: '错误' },
  tablesNotFollowed: { en: 'tables not followed', zh: '未同步的表' },
  failedPasses: { en: 'failed passes', zh: '失败的同步' },
})

/** What of the product no plan works on. */
export const ownPlaces = words({
  machine: { en: 'machine', zh: '运行机器' },
  database: { en: 'database', zh: '数据库' },
  temporal: { en: 'Temporal server', zh: 'Temporal 服务器' },
  api: { en: 'API', zh: '接口' },
})
