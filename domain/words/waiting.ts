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
  'retention-release': { en: 'release old data', zh: '同意清除原系统数据' },
  'ledger-contradiction': { en: 'ledger contradicts plan', zh: '台账与计划不符' },
  'schema-change': { en: 'finish schema change', zh: '完成表结构变更' },
  'end-acknowledgement': { en: 'acknowledge end', zh: '确认结束' },
})
