/** The top of the program: what it is, its groups of commands, the flags every command has. */
export const mainMessages = {
  usage: {
    en: 'qianyun: moves information systems to the cloud, with a way back\n\nUsage: $0 <command>',
    zh: 'qianyun：把信息系统迁到云上，并保留退路\n\n用法：$0 <命令>',
  },
  exitCodes: {
    en: 'Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 3 --exit-when not reached · 4 server unreachable · 5 not signed in · 130 interrupted',
    zh: '退出码：0 成功 · 1 被拒绝或失败 · 2 用法错误 · 3 未达到 --exit-when 条件 · 4 服务器无应答 · 5 未登录 · 130 被中断',
  },
  system: { en: 'The ledger of systems: import, list, show', zh: '系统台账：导入、列出、查看' },
  plan: {
    en: 'Plans of moves: init, create, list, show, schema',
    zh: '迁移计划：起草、建立、列出、查看、格式',
  },
  migration: {
    en: 'Moves: launch, list, show, watch, facts, pause, hold, resume, retry, skip, abort, recover, acknowledge-end',
    zh: '迁移：发起、列出、查看、跟踪、事实、暂停、暂缓、恢复、重试、跳过、中止、确认结束',
  },
  task: {
    en: 'Tasks of people: list, show, take, complete, sign, accept, reject',
    zh: '人工任务：列出、查看、领取、完成、签字、接受、退回',
  },
  report: { en: 'The trial-run report: show, amend', zh: '试运行结果报告：查看、修订' },
  signoff: { en: 'Recognition of the report: show, sign', zh: '报告的共同认可：查看、签署' },
  cutover: {
    en: 'The cutover: schedule, go, no-go, abort, settle',
    zh: '割接：安排窗口、执行、不执行、中止、处理两侧状态',
  },
  rollback: { en: 'Go back to the old side', zh: '回退到旧侧' },
  retention: {
    en: 'Retention and its way back: status, ddl, rearm, release',
    zh: '保留期与退路：状态、表结构变更、重新建立旧侧、同意清除',
  },
  playbook: {
    en: 'Playbooks: list, schema, lint, plan, run, runs, watch',
    zh: '剧本：列出、JSON Schema、检查、预览、运行、运行记录、跟踪',
  },
  secret: {
    en: 'What secrets may be used for: bind, approve, withdraw, addresses',
    zh: '凭据的用途与地址：说明用途、批准、撤回、列出',
  },
  audit: { en: 'The audit log: list, verify, export', zh: '审计日志：列出、验证、导出' },
  context: {
    en: 'Server and account in use: list, use, show, set',
    zh: '使用的服务器和账号：列出、切换、查看、设置',
  },
  completion: { en: 'Shell completion: bash, zsh, fish', zh: '命令补全：bash、zsh、fish' },
  globalOptions: { en: 'Options of every command:', zh: '所有命令的选项：' },
  json: {
    en: 'Print one JSON document (NDJSON with --watch)',
    zh: '输出一个 JSON 文档（与 --watch 同用时为 NDJSON）',
  },
  lang: { en: 'Language: en or zh', zh: '语言：en 或 zh' },
  contextFlag: { en: 'Context to use instead of the current one', zh: '改用此上下文' },
  server: { en: 'Address of the server', zh: '服务器地址' },
  account: { en: 'Account to act as', zh: '以此账号操作' },
  tokenFile: { en: 'File with the bearer token', zh: '令牌文件' },
  keyFile: { en: 'File with the Ed25519 signing key (PEM)', zh: 'Ed25519 签名密钥文件（PEM）' },
  colour: { en: 'Colour: also --no-color, NO_COLOR', zh: '颜色：另有 --no-color、NO_COLOR' },
  seeHelp: { en: 'See: {program} {command}--help', zh: '参见：{program} {command}--help' },
  sayWhat: { en: 'A command is missing. Add one.', zh: '请给出命令：缺少子命令。' },
} as const
