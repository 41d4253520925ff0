import type {
  MigrationEvent,
  MigrationView,
  Phase,
  Role,
  Standing,
  Task,
  WaitingFor,
  WayBackStanding,
} from '../../api/contract.ts'
import type { Message } from '../language/message.ts'

/** The words of the trade, as the glossary has them. */
export const phaseNames: Readonly<Record<Phase, Message>> = {
  assessment: { en: 'assessment', zh: '评估' },
  resourcing: { en: 'resourcing', zh: '资源调配' },
  adaptation: { en: 'adaptation', zh: '适应性改造' },
  rehearsal: { en: 'rehearsal', zh: '测试演练' },
  'trial-run': { en: 'trial run', zh: '试运行' },
  recognition: { en: 'recognition', zh: '共同认可' },
  cutover: { en: 'cutover', zh: '割接' },
  retention: { en: 'retention', zh: '保留期' },
  closing: { en: 'closing', zh: '下线' },
}

export const standingNames: Readonly<Record<Standing, Message>> = {
  moving: { en: 'moving', zh: '进行中' },
  paused: { en: 'paused', zh: '已暂停' },
  'on-hold': { en: 'on hold', zh: '已暂缓' },
  blocked: { en: 'blocked', zh: '受阻' },
  closed: { en: 'closed', zh: '已办结' },
  aborted: { en: 'aborted', zh: '已中止' },
  'ended-outside': { en: 'ended outside Qianyun', zh: '在迁云之外结束' },
}

export const roleNames: Readonly<Record<Role | 'engine', Message>> = {
  coordinator: { en: 'coordinator', zh: '协调小组' },
  owner: { en: 'owner', zh: '所属部门' },
  provider: { en: 'provider', zh: '云服务商' },
  vendor: { en: 'vendor', zh: '承建厂商' },
  operations: { en: 'operations', zh: '运维' },
  auditor: { en: 'auditor', zh: '审计' },
  engine: { en: 'engine', zh: '系统自动' },
}

export const taskStateNames: Readonly<Record<Task['state'], Message>> = {
  open: { en: 'open', zh: '待领取' },
  taken: { en: 'taken', zh: '处理中' },
  completed: { en: 'completed', zh: '已完成' },
  signed: { en: 'signed', zh: '已签字' },
  closed: { en: 'closed', zh: '已关闭' },
}

export const wayBackNames: Readonly<Record<WayBackStanding, Message>> = {
  'not-needed': { en: 'not needed: the old side serves', zh: '尚不需要：旧系统在用' },
  unknown: { en: 'not known yet: the new side serves', zh: '尚不清楚：新系统在用' },
  arming: { en: 'being armed: the new side serves', zh: '正在建立：新系统在用' },
  'given-up': {
    en: 'given up: the old side is being opened without the new one',
    zh: '已放弃：正在单独启用旧系统',
  },
  armed: { en: 'armed', zh: '就绪' },
  degraded: { en: 'degraded', zh: '受损' },
  lost: { en: 'lost', zh: '已失去' },
  disarmed: { en: 'disarmed', zh: '已解除' },
}

/** How the workflow of a move can have ended. */
export const workflowEndNames: Readonly<
  Record<NonNullable<MigrationView['endedOutside']>['end']['how'], Message>
> = {
  terminated: { en: 'terminated', zh: '被终止' },
  cancelled: { en: 'cancelled', zh: '被取消' },
  failed: { en: 'failed', zh: '失败' },
  'timed-out': { en: 'timed out', zh: '超时' },
  completed: { en: 'completed', zh: '已完成' },
  gone: { en: 'gone from Temporal', zh: '在 Temporal 中已不存在' },
}

export const sideNames: Readonly<Record<'old' | 'new', Message>> = {
  old: { en: 'the old side', zh: '旧侧' },
  new: { en: 'the new side', zh: '新侧' },
}

export const switchNames: Readonly<Record<'cutover' | 'rollback', Message>> = {
  cutover: { en: 'cutover', zh: '割接' },
  rollback: { en: 'rollback', zh: '回退' },
}

export const dispositionNames: Readonly<
  Record<NonNullable<MigrationView['assessment']>['disposition'], Message>
> = {
  relocate: { en: 'relocate', zh: '整体搬迁' },
  rehost: { en: 'rehost', zh: '直接迁移' },
  replatform: { en: 'replatform', zh: '适配迁移' },
  refactor: { en: 'refactor', zh: '重构迁移' },
}

export const decisionNames: Readonly<
  Record<NonNullable<NonNullable<MigrationView['cutover']>['decision']>, Message>
> = {
  go: { en: 'go', zh: '执行' },
  'no-go': { en: 'no-go', zh: '不执行' },
  abort: { en: 'abort', zh: '中止' },
}

export const systemStateNames: Readonly<
  Record<'registered' | 'planned' | 'moving' | 'moved' | 'closed' | 'aborted', Message>
> = {
  registered: { en: 'registered', zh: '已登记' },
  planned: { en: 'planned', zh: '已计划' },
  moving: { en: 'moving', zh: '迁移中' },
  moved: { en: 'moved', zh: '已割接' },
  closed: { en: 'closed', zh: '已办结' },
  aborted: { en: 'aborted', zh: '已中止' },
}

export const eventNames: Readonly<Record<MigrationEvent['type'], Message>> = {
  launched: { en: 'launched', zh: '发起' },
  'phase-entered': { en: 'phase entered', zh: '进入阶段' },
  'step-started': { en: 'step started', zh: '步骤开始' },
  'step-finished': { en: 'step finished', zh: '步骤完成' },
  'step-failed': { en: 'step failed', zh: '步骤失败' },
  'step-retried': { en: 'step retried', zh: '步骤重试' },
  'step-skipped': { en: 'step skipped', zh: '步骤跳过' },
  paused: { en: 'paused', zh: '暂停' },
  held: { en: 'put on hold', zh: '暂缓' },
  resumed: { en: 'resumed', zh: '继续' },
  'abort-requested': { en: 'abort requested', zh: '请求中止' },
  aborted: { en: 'aborted', zh: '中止' },
  assessed: { en: 'assessed', zh: '评估完成' },
  'hosts-recorded': { en: 'hosts recorded', zh: '主机已登记' },
  'host-keys-pinned': { en: 'host keys pinned', zh: '主机密钥已固定' },
  'task-opened': { en: 'task opened', zh: '任务开启' },
  'task-taken': { en: 'task taken', zh: '任务领取' },
  'task-completed': { en: 'task completed', zh: '任务完成' },
  'task-signed': { en: 'task signed', zh: '任务签字' },
  'task-rejected': { en: 'task rejected', zh: '任务退回' },
  'task-closed': { en: 'task closed', zh: '任务关闭' },
  rehearsed: { en: 'rehearsed', zh: '演练完成' },
  'trial-run-started': { en: 'trial run started', zh: '试运行开始' },
  'trial-run-finished': { en: 'trial run finished', zh: '试运行结束' },
  'report-issued': { en: 'report issued', zh: '报告出具' },
  'signoffs-voided': { en: 'signatures voided', zh: '签署作废' },
  'report-amended': { en: 'report amended', zh: '报告修订' },
  'signed-off': { en: 'report signed', zh: '报告签署' },
  recognised: { en: 'recognised', zh: '共同认可' },
  'cutover-scheduled': { en: 'cutover scheduled', zh: '割接窗口已定' },
  'cutover-decided': { en: 'cutover decided', zh: '割接决定' },
  'cutover-aborted': { en: 'cutover aborted', zh: '割接中止' },
  'cut-over': { en: 'cut over', zh: '割接完成' },
  'retention-started': { en: 'retention started', zh: '保留期开始' },
  'way-back-changed': { en: 'way back changed', zh: '退路状态变化' },
  'retention-released': { en: 'old data released', zh: '同意清除原系统数据' },
  'rollback-requested': { en: 'rollback requested', zh: '请求回退' },
  'rolled-back': { en: 'rolled back', zh: '回退完成' },
  disarmed: { en: 'old side disarmed', zh: '旧系统解除' },
  wiped: { en: 'old data wiped', zh: '原系统数据清除' },
  closed: { en: 'closed', zh: '办结' },
  'ended-outside': { en: 'end acknowledged', zh: '确认已结束' },
}

/** What a move waits for, in a word or two. */
export const matterNames: Readonly<Record<Exclude<WaitingFor['code'], 'task' | 'blocked-step'>, Message>> = {
  resume: { en: 'resume', zh: '恢复' },
  signoff: { en: 'sign report', zh: '签署报告' },
  'cutover-schedule': { en: 'set window', zh: '安排窗口' },
  'cutover-window': { en: 'window opens', zh: '窗口开启' },
  'cutover-decision': { en: 'go or no-go', zh: '割接决定' },
  'trial-run': { en: 'trial run ends', zh: '试运行结束' },
  'retention-time': { en: 'retention ends', zh: '保留期届满' },
  'retention-release': { en: 'release old data', zh: '同意清除原系统数据' },
  'end-acknowledgement': { en: 'acknowledge end', zh: '确认结束' },
}
