import { formatInstant } from '../domain/wall-clock.js'
import { names, sentences } from '../domain/words/catalogue.ts'
import { canSay, fill, nameIn, sayIn } from '../domain/words/fill.js'

/** What the page alone says, side by side; everything it shares with others is in `domain/words`. */
export const messages = {
  title: { en: 'Moves', zh: '迁移' },
  skip: { en: 'Skip to the content', zh: '跳到正文' },
  otherLanguage: { en: '中文', zh: 'English' },
  signOut: { en: 'Sign out', zh: '退出' },
  temporalUi: { en: 'Temporal UI', zh: 'Temporal 界面' },
  temporalOfMove: { en: 'Workflow in the Temporal UI', zh: '在 Temporal 界面查看工作流' },
  signedInAs: { en: '{name} · {role} · {organisation}', zh: '{name} · {role} · {organisation}' },

  signInTitle: { en: 'Sign in', zh: '登录' },
  signInHint: {
    en: 'Paste the token of your account. The start script prints a link that signs you in; the lab keeps its tokens in the folder "accounts" of the home folder. It is kept until this tab is closed.',
    zh: '请粘贴账号令牌。启动脚本会输出一个可直接登录的链接；实验环境的令牌在主目录的“accounts”文件夹中。令牌仅保存到关闭此标签页为止。',
  },
  tokenLabel: { en: 'Token', zh: '令牌' },
  signIn: { en: 'Sign in', zh: '登录' },
  tokenEmpty: { en: 'Enter a token.', zh: '请输入令牌。' },
  tokenRefused: {
    en: 'The server does not accept this token. Check it, or ask for a new one.',
    zh: '服务器不接受此令牌。请检查，或申请新的令牌。',
  },

  loading: { en: 'Loading…', zh: '正在载入…' },
  empty: { en: 'No move yet.', zh: '还没有迁移。' },
  emptyHint: { en: 'The coordination team launches one with:', zh: '协调小组可用以下命令发起：' },
  noRight: { en: 'Your account may not see this.', zh: '你的账号无权查看。' },
  noRightHint: {
    en: 'Sign in with another account, or ask the coordination team.',
    zh: '请换用其他账号登录，或联系协调小组。',
  },
  notFound: {
    en: 'There is no move "{name}", or your account may not see it.',
    zh: '没有名为“{name}”的迁移，或你的账号无权查看。',
  },
  failed: { en: 'This could not be loaded: {reason}', zh: '无法载入：{reason}' },
  unreachable: { en: 'the server does not answer', zh: '服务器没有应答' },
  retry: { en: 'Try again', zh: '重试' },
  stale: {
    en: 'Not live: the connection to the server is broken. Shown is how it was at {at}. Trying again.',
    zh: '未实时更新：与服务器的连接中断。显示的是 {at} 的状态，正在重连。',
  },
  unrecorded: {
    en: 'Nothing has been recorded since {at}: the database of Qianyun takes nothing. Moves may be further than shown.',
    zh: '自 {at} 起没有任何记录：迁云自身的数据库无法写入。迁移的实际进度可能已超出所示。',
  },
  live: { en: 'live', zh: '实时' },

  tracked: { en: 'Tracked', zh: '另行迁移' },
  trackedHint: {
    en: 'People do this move with another tool or by hand; what stands here they attest.',
    zh: '由人员以其他工具或人工完成，此处所述为其证明。',
  },
  lab: { en: 'Lab', zh: '实验环境' },
  labHint: {
    en: 'Lab profile: times are shortened; this is no production record.',
    zh: '实验环境：时间已缩短，不构成生产记录。',
  },
  back: { en: 'All moves', zh: '全部迁移' },
  progress: { en: 'Phases', zh: '阶段' },
  phaseDone: { en: 'done', zh: '已完成' },
  phaseHere: { en: 'current', zh: '当前' },
  phaseToCome: { en: 'to come', zh: '未开始' },
  phaseOf: { en: 'Phase {n} of {all}: {phase}', zh: '第 {n}/{all} 阶段：{phase}' },
  round: { en: 'round {n}', zh: '第 {n} 轮' },
  step: { en: 'Step', zh: '步骤' },
  waiting: { en: 'waiting', zh: '等待中' },
  noStep: { en: 'none running', zh: '无' },
  stepSince: { en: '{step}, attempt {attempt}', zh: '{step}，第 {attempt} 次' },
  stepFailed: { en: '{step} failed: {message}', zh: '{step} 失败：{message}' },
  state: { en: 'State', zh: '状态' },
  waitsFor: { en: 'Waits for', zh: '等待' },
  nobody: { en: 'nobody: it continues automatically', zh: '无需等待：自动进行' },
  nothing: { en: 'nothing more', zh: '无' },
  downtime: { en: 'Downtime', zh: '中断时间' },
  noSwitch: { en: 'none: not switched yet', zh: '无：尚未切换' },
  switchGap: { en: '{kind}: write gap {gap}', zh: '{kind}：写中断 {gap}' },
  undoneGap: { en: 'an attempt undone: {gap}', zh: '撤销的一次尝试：{gap}' },
  gapMeasured: { en: '{ms} ms', zh: '{ms} 毫秒' },
  gapAtMost: { en: 'at most {ms} ms', zh: '至多 {ms} 毫秒' },
  gapNotMeasured: { en: 'not measured', zh: '未测得' },
  wayBack: { en: 'Way back', zh: '退路' },
  ledger: { en: 'Ledger', zh: '台账' },
  schemaChange: { en: 'Schema change', zh: '表结构变更' },
  forward: { en: 'New side not kept current, since', zh: '新侧未保持同步，自' },
  forwardRuns: { en: 'the new side is kept current', zh: '新侧保持同步' },
  wayBackBecause: { en: 'Way back, because', zh: '退路状态原因' },
  wayBackEnded: { en: 'ended', zh: '已结束' },
  facts: { en: 'Facts, findings, proofs', zh: '事实、结论、证明' },
  changed: { en: 'Changed', zh: '更新于' },
  launched: { en: 'Launched', zh: '发起' },
  launchedLine: { en: '{at} by {account} ({organisation})', zh: '{at}，{account}（{organisation}）' },
  plan: { en: 'Plan', zh: '计划' },
  window: { en: 'Cutover window', zh: '割接窗口' },
  windowAlone: { en: '{from} to {to}', zh: '{from} 至 {to}' },
  windowLine: {
    en: '{from} to {to}, latest rollback time {latest}',
    zh: '{from} 至 {to}，最晚回退时间 {latest}',
  },
  report: { en: 'Report', zh: '报告' },
  reportLine: { en: 'version {version}', zh: '第 {version} 版' },
  signatures: { en: 'Signatures', zh: '签署' },
  party: { en: 'Party', zh: '签署方' },
  organisation: { en: 'Organisation', zh: '单位' },
  signedBy: { en: 'Signed by', zh: '签署人' },
  missing: { en: 'missing', zh: '未签署' },
  at: { en: 'At', zh: '时间' },
  tasks: { en: 'Tasks', zh: '任务' },
  task: { en: 'Task', zh: '任务' },
  who: { en: 'Who', zh: '办理方' },
  by: { en: 'By', zh: '操作人' },
  events: { en: 'Last events', zh: '最近事件' },
  event: { en: 'Event', zh: '事件' },
  detail: { en: 'What', zh: '内容' },
  rehearsal: { en: 'Rehearsal', zh: '演练' },
  rehearsalLine: {
    en: 'cutover gap {cutover}, rollback gap {rollback}, {passed} of {gates} gates passed',
    zh: '割接中断 {cutover}，回退中断 {rollback}，门槛通过 {passed}/{gates}',
  },
  timesIn: { en: 'Times are in {zone}.', zh: '时间按 {zone}。' },
  commandsHint: { en: 'On the command line:', zh: '命令行：' },
  end: { en: 'Ended', zh: '结束' },
  endLine: { en: '{how} by {by} at {at}, reason: {reason}', zh: '{how}，操作者 {by}，{at}，理由：{reason}' },
  unknown: { en: 'not known', zh: '未知' },
  endAcknowledged: {
    en: 'acknowledged by {account}: {reason}; {side} serves',
    zh: '{account} 已确认：{reason}；在用的是{side}',
  },
  newsPhase: { en: '{name}: {phase}, {state}', zh: '{name}：{phase}，{state}' },

  // Who has to do what
  or: { en: ' or ', zh: '或' },
  colon: { en: ': ', zh: '：' },
  comma: { en: ', ', zh: '、' },
  whoOf: { en: '{role} ({organisation})', zh: '{role}（{organisation}）' },
}

export const phases = Object.keys(names.phase)

/** The page's voice in one language. */
export function speaker(language) {
  const voice = { language, catalogue: { names, sentences } }
  const say = (message, values = {}) => fill(voice, message[language], values)
  /** A word of the trade; one the page does not know yet is shown as it came. */
  const word = (kind, name) => nameIn(voice, kind, name)
  /** A word of the catalogue, or a text that is shown as it is. */
  const told = (what) => (typeof what === 'object' && what !== null ? sayIn(voice, what) : what)
  const list = (those) => those.map(told).join(language === 'zh' ? '、' : ', ')
  /** Why a step failed, and at which step of its playbook; the sentence that came along names that itself. */
  const failure = ({ code, values = {}, message, playbookStep, playbookTitle }) => {
    if (!canSay(voice, { code, values })) return message
    const text = sayIn(voice, { code, values })
    if (playbookStep === undefined) return text
    return `${playbookTitle?.[language] ?? playbookStep}${language === 'zh' ? '：' : ': '}${text}`
  }
  return {
    language,
    say,
    word,
    told,
    list,
    failure,
    at: formatInstant,
    duration: (ms) => duration(ms, language),
  }
}

function duration(ms, language) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const units = language === 'zh' ? ['天', '小时', '分', '秒'] : [' d', ' h', ' min', ' s']
  const counts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  const first = counts.findIndex((count, index) => count > 0 || index === 3)
  return counts
    .map((count, index) => `${count}${units[index]}`)
    .slice(first, first + 2)
    .join(language === 'zh' ? '' : ' ')
}
