import type { PlaybookRunView } from '../../api/contract.ts'
import type { Message } from '../../domain/words/message.ts'

export const playbookMessages = {
  list: { en: 'List the playbooks', zh: '列出剧本' },
  schema: {
    en: 'Print the JSON Schema of playbooks, for editors',
    zh: '输出剧本的 JSON Schema，供编辑器使用',
  },
  lint: { en: 'Check a playbook file', zh: '检查剧本文件' },
  plan: {
    en: 'Show what a playbook would change; changes nothing',
    zh: '预览：显示剧本将改变什么，不做改动',
  },
  run: { en: 'Run a playbook outside a move', zh: '在迁移之外运行剧本' },
  argFile: { en: 'playbook.yaml, or its folder', zh: 'playbook.yaml 或其所在目录' },
  argPlaybook: { en: 'Name of the playbook', zh: '剧本名称' },
  flagPlan: { en: 'Plan whose hosts are used', zh: '使用该计划的主机' },
  flagHost: {
    en: 'Bind a host of the playbook to a role: name=source|staging|target|entry',
    zh: '把剧本中的主机绑定到角色：名称=source|staging|target|entry',
  },
  flagDatabase: {
    en: 'Bind a database of the playbook: name=source|staging|target',
    zh: '绑定剧本中的数据库：名称=source|staging|target',
  },
  flagInput: { en: 'Give an input: name=value', zh: '给出输入：名称=值' },
  flagYes: { en: 'Do not ask for the confirmation', zh: '不再要求确认' },
  columnName: { en: 'PLAYBOOK', zh: '剧本' },
  columnDigest: { en: 'SHA-256', zh: 'SHA-256' },
  columnSize: { en: 'BYTES', zh: '字节' },
  empty: { en: 'There is no playbook.', zh: '没有剧本。' },
  lintGood: { en: '{file}: no problem (sha256:{digest})', zh: '{file}：没有问题（sha256:{digest}）' },
  lintProblem: { en: '{file}: {path}: {message}', zh: '{file}：{path}：{message}' },
  whole: { en: 'the whole', zh: '整体' },
  lintBad: { en: '{file}: {count} problems', zh: '{file}：{count} 个问题' },
  'would-change': { en: 'would change', zh: '将改变' },
  'already-so': { en: 'already so', zh: '已是如此' },
  skipped: { en: 'skipped', zh: '跳过' },
  'unknown-until-run': { en: 'unknown until run', zh: '运行时才知道' },
  planOf: { en: '{playbook} (sha256:{digest})', zh: '{playbook}（sha256:{digest}）' },
  stepLine: { en: '{step} ({kind}{on}): {outcome}', zh: '{step}（{kind}{on}）：{outcome}' },
  onHost: { en: ' on {host}', zh: '，{host}' },
  planSummary: {
    en: '{count} steps: {change} would change something. Nothing was changed.',
    zh: '共 {count} 步，{change} 步将有改变。没有做任何改动。',
  },
  runWhat: { en: 'run it on the hosts of plan "{plan}"', zh: '在计划“{plan}”的主机上运行' },
  ran: { en: 'Run {run} is done.', zh: '运行 {run} 已完成。' },
  runFailedAt: {
    en: 'Run {run} failed at step "{step}": {message}',
    zh: '运行 {run} 在步骤“{step}”失败：{message}',
  },
  runFailed: { en: 'Run {run} failed: {message}', zh: '运行 {run} 失败：{message}' },
  runLost: {
    en: 'Run {run} was ended outside Qianyun. The known states of its steps are shown above; check the hosts.',
    zh: '运行 {run} 在迁云之外被结束。以上为已知的步骤情况，请查看主机。',
  },
  started: { en: 'Run {run} has begun.', zh: '运行 {run} 已开始。' },
  goesOn: {
    en: 'Run {run} continues. Follow it again: {program} playbook watch {run}',
    zh: '运行 {run} 仍在继续。再次查看：{program} playbook watch {run}',
  },
  stepProgress: {
    en: '[{at}/{of}] {step}{on}: {state}{error}',
    zh: '[{at}/{of}] {step}{on}：{state}{error}',
  },
  runs: { en: 'List the newest runs outside moves', zh: '列出迁移之外的最近运行' },
  flagLimit: { en: 'Largest number to list', zh: '最多条数' },
  noRuns: { en: 'No playbook was run outside a move yet.', zh: '还没有在迁移之外运行过剧本。' },
  moreRuns: {
    en: 'There are older ones. See more: {program} playbook runs --limit {limit}',
    zh: '还有更早的运行。查看更多：{program} playbook runs --limit {limit}',
  },
  columnRun: { en: 'RUN', zh: '运行' },
  columnPlan: { en: 'PLAN', zh: '计划' },
  columnWho: { en: 'WHO', zh: '操作人' },
  columnBegan: { en: 'BEGAN', zh: '开始于' },
  columnState: { en: 'STATE', zh: '状态' },
  watch: { en: 'Follow a run to its end', zh: '跟踪一次运行直至结束' },
  argRun: { en: 'Id of the run', zh: '运行编号' },
} as const

/** How a run stands. */
export const runStates: Readonly<Record<PlaybookRunView['state'], Message>> = {
  running: { en: 'running', zh: '运行中' },
  done: { en: 'done', zh: '已完成' },
  failed: { en: 'failed', zh: '失败' },
  lost: { en: 'ended outside Qianyun', zh: '在迁云之外结束' },
}

/** How a step of a run stands. */
export const runStepStates: Readonly<Record<PlaybookRunView['steps'][number]['state'], Message>> = {
  waiting: { en: 'waiting', zh: '等待中' },
  running: { en: 'running', zh: '运行中' },
  done: { en: 'done', zh: '已完成' },
  skipped: { en: 'skipped', zh: '跳过' },
  failed: { en: 'failed', zh: '失败' },
  interrupted: { en: 'interrupted', zh: '被中断' },
  undone: { en: 'undone', zh: '已撤销' },
  'for-person': { en: 'a person does it', zh: '须由人完成' },
  'not-reached': { en: 'not reached', zh: '未执行' },
}

export const auditMessages = {
  list: { en: 'List the newest entries', zh: '列出最新记录' },
  verify: {
    en: 'Hold the whole record of the server against itself, or recompute the chain of an exported file',
    zh: '核对服务器上的全部记录，或重新计算导出文件中的链',
  },
  export: { en: 'Write the whole log, one JSON line each', zh: '导出整个日志，每行一个 JSON' },
  argFile: {
    en: 'Exported file, verified here without the server',
    zh: '导出的文件，在本地验证，不需要服务器',
  },
  flagOutput: { en: 'File to write (default: standard output)', zh: '写入的文件（默认为标准输出）' },
  flagAfter: { en: 'Entries after this sequence', zh: '此序号之后的记录' },
  flagLimit: { en: 'Largest number to list', zh: '最多条数' },
  flagHead: {
    en: 'A head kept earlier, SEQUENCE:HASH, which must still be in the chain',
    zh: '以前保存的链头 序号:哈希，必须仍在链中',
  },
  columnSequence: { en: 'NO', zh: '序号' },
  columnAt: { en: 'AT', zh: '时间' },
  columnKind: { en: 'KIND', zh: '类别' },
  columnWho: { en: 'WHO', zh: '操作人' },
  columnSubject: { en: 'SUBJECT', zh: '对象' },
  columnDetail: { en: 'WHAT', zh: '内容' },
  empty: { en: 'There is no entry here that you may read.', zh: '此处没有您可以查看的记录。' },
  more: {
    en: 'More: {program} audit list --after {after}',
    zh: '更多：{program} audit list --after {after}',
  },
  nobody: { en: 'nobody known', zh: '未知' },
  looked: { en: 'Looked at: {looked}.', zh: '已核对：{looked}。' },
  notLooked: { en: 'Not looked at:', zh: '未核对：' },
  differs: {
    en: 'The record does not hold; faults: {count}. The first: {first}',
    zh: '记录不一致，共 {count} 处。第一处：{first}',
  },
  verified: {
    en: 'The chain holds: {entries} entries, head {sequence}:{hash}',
    zh: '链完整：{entries} 条记录，链头 {sequence}:{hash}',
  },
  recomputedHere: { en: 'Recomputed here from {file}.', zh: '在本地由 {file} 重新计算。' },
  recomputedThere: {
    en: 'Recomputed by the server. To do it yourself: {program} audit export -o audit.ndjson && {program} audit verify audit.ndjson',
    zh: '由服务器重新计算。自行验证：{program} audit export -o audit.ndjson && {program} audit verify audit.ndjson',
  },
  broken: {
    en: 'The chain is broken at entry {sequence}: {reason}.',
    zh: '链在第 {sequence} 条记录处断裂：{reason}。',
  },
  exported: { en: '{entries} entries written to {file}', zh: '已将 {entries} 条记录写入 {file}' },
  badHead: {
    en: '--head "{head}" is not SEQUENCE:HASH. Give it as "audit verify" printed it.',
    zh: '--head 的“{head}”不是 序号:哈希。请按“audit verify”的输出给出。',
  },
  reasonSequence: {
    en: 'sequence {found} where {expected} was expected',
    zh: '序号为 {found}，应为 {expected}',
  },
  reasonPrevious: {
    en: 'it names {found} as the hash before it, which is {expected}',
    zh: '其记录的前一哈希为 {found}，实际为 {expected}',
  },
  reasonLeaf: {
    en: 'its content has the hash {expected}, but {found} is recorded',
    zh: '其内容的哈希为 {expected}，记录为 {found}',
  },
  reasonHash: {
    en: 'its chain hash is {expected}, but {found} is recorded',
    zh: '其链哈希应为 {expected}，记录为 {found}',
  },
  reasonNotJson: { en: 'line {line} is not an entry of the log', zh: '第 {line} 行不是日志记录' },
  reasonNotCanonical: {
    en: 'line {line} is not written as the log writes it (a key twice, another order or spelling): readers may see something else in it',
    zh: '第 {line} 行的写法与日志不同（键重复，或次序、拼写不同）：不同程序可能读出不同内容',
  },
  reasonHead: {
    en: 'the head kept earlier was {expected}; the chain has {found}',
    zh: '以前保存的链头为 {expected}，现在为 {found}',
  },
  nothing: { en: 'nothing', zh: '无' },
} as const
