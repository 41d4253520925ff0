import { words } from './message.ts'

/** What a move waits for, in a word or two. */
export const waits = words({
  resume: { en: 'resume', zh: '恢复' },
  signoff: { en: 'sign report', zh: '签署报告' },
  'cutover-schedule': { en: 'set window', zh: '安排窗口' },
  'cutover-window': { en: 'window opens', zh: '窗口开启' },
  'cutover-decision': { en: 'go or no-go', zh: '割接决定' },
  'trial-run': { en: 'trial run ends', zh: '试运行结束' },
  'retention-time': { en: 'retention ends', zh: '保留期届满' },
  'retention-release': { en: 'release old data', zh: '同意清除旧侧数据' },
  'ledger-contradiction': { en: 'ledger contradicts plan', zh: '台账与计划不符' },
  'way-back-lost': { en: 'seed old side anew', zh: '重新建立旧侧' },
  'schema-change': { en: 'finish schema change', zh: '完成表结构变更' },
  'ended-on-new-side': { en: 'new side serves, unwatched', zh: '新侧在用，无人监视' },
  'end-acknowledgement': { en: 'acknowledge end', zh: '确认结束' },
  runner: { en: 'start runner', zh: '启动执行端' },
})

/** Who has to do what, by what the move waits for; a task by where it stands. */
export const waitingSentences = words({
  'waits-resume': { en: '{who} to resume it: {subject}', zh: '{who}恢复：{subject}' },
  'waits-blocked-step': {
    en: '{who} to see to the failed step "{subject}"',
    zh: '{who}处理失败的步骤“{subject}”',
  },
  'waits-task-open': {
    en: '{who} to take task[? "{subject}"]: {title}',
    zh: '{who}领取任务[?“{subject}”]：{title}',
  },
  'waits-task-taken': {
    en: '{who} to complete task[? "{subject}"]: {title}',
    zh: '{who}完成任务[?“{subject}”]：{title}',
  },
  'waits-task-to-sign': {
    en: '{who} to sign off task[? "{subject}"]: {title}',
    zh: '{who}为任务[?“{subject}”]签字：{title}',
  },
  'waits-task-to-review': {
    en: '{who} to accept or reject task[? "{subject}"]: {title}',
    zh: '{who}接受或退回任务[?“{subject}”]：{title}',
  },
  'waits-task': { en: '{who} to continue task "{subject}"', zh: '{who}处理任务“{subject}”' },
  'waits-signoff': { en: '{who} to read the report and sign it', zh: '{who}阅读并签署报告' },
  'waits-cutover-schedule': { en: '{who} to set the cutover window', zh: '{who}安排割接窗口' },
  'waits-cutover-window': {
    en: 'the cutover window, which opens {until}',
    zh: '割接窗口开启：{until}',
  },
  'waits-cutover-decision': {
    en: '{who} to say go or no-go, before {until}',
    zh: '{who}决定是否割接，最晚 {until}',
  },
  'waits-trial-run': { en: 'the end of the trial run, {until}', zh: '试运行结束：{until}' },
  'waits-retention-time': { en: 'the end of retention, {until}', zh: '保留期届满：{until}' },
  'waits-retention-release': {
    en: '{who} to release the old data in writing',
    zh: '{who}书面同意清除旧侧数据',
  },
  'waits-ledger-contradiction': {
    en: '{who} to correct the ledger, or the plan: {subject:ledgerCell}',
    zh: '{who}更正台账或计划：{subject:ledgerCell}',
  },
  'waits-way-back-lost': {
    en: '{who} to seed the old side anew: the way back is lost',
    zh: '{who}重新建立旧侧：退路已失去',
  },
  'waits-schema-change': {
    en: '{who} to finish the schema change "{subject}", with its own file',
    zh: '{who}用原文件完成表结构变更“{subject}”',
  },
  'waits-end-acknowledgement': {
    en: '{who} to have it carried on from its record, or to acknowledge that it ended',
    zh: '{who}按记录续办，或确认其已结束',
  },
  'waits-ended-on-new-side': {
    en: '{who} to have it carried on from its record: the new side serves, and nobody watches its way back or keeps its retention',
    zh: '{who}按记录续办：新侧在用，其退路无人监视，保留期无人管理',
  },
  'waits-runner': {
    en: '{who} to start a runner of zone "{subject}" (QIANYUN_ZONE={subject}): none has been there since {since}. What is to be done on its hosts waits, and goes on by itself.',
    zh: '{who}启动区域“{subject}”的执行端（QIANYUN_ZONE={subject}）：自 {since} 起该区域没有执行端。其主机上的工作正在等待，届时自动继续。',
  },
  'zone-without-runner': {
    en: 'No runner of zone "{zone}" has been there since {since}: what is to be done on its hosts waits, and goes on by itself. Start one: QIANYUN_ZONE={zone} with the program of the runner (docs/operations.md).',
    zh: '自 {since} 起区域“{zone}”没有执行端：其主机上的工作正在等待，届时自动继续。请启动一个：以 QIANYUN_ZONE={zone} 运行执行端程序（docs/operations.md）。',
  },
  'way-back-kept': { en: '{state}, kept until {until}', zh: '{state}，保留至 {until}' },
  'way-back-time-reached': {
    en: '{state}; the time to keep it was reached {until}',
    zh: '{state}；保留期已于 {until} 届满',
  },
})
