/** What is shown before something grave is confirmed. */
export const previewMessages = {
  release: {
    en: 'This lets the old data of {name} ({system}) be wiped:',
    zh: '将同意清除{name}（{system}）的旧侧数据：',
  },
  wiped: { en: '  wiped: {side}; {paths}', zh: '  将清除：{side}；{paths}' },
  kept: { en: '  kept since {from}, until {until}', zh: '  保留自 {from} 起，至 {until}' },
  wayBackNow: { en: '  way back: {state}', zh: '  退路：{state}' },
  noWayBack: {
    en: '  afterwards: no rollback is possible any more, and nothing of it can be brought back',
    zh: '  之后：不能再回退，清除的数据无法恢复',
  },
  statement: { en: '  on record as your statement: {statement}', zh: '  记录在案的书面说明：{statement}' },
  willSign: { en: 'You sign exactly this text, with key {key}:', zh: '你将用密钥 {key} 签署以下文本：' },
  timesIn: { en: '  times are in {timeZone}', zh: '  时间按 {timeZone}' },
  go: { en: 'This switches {name} ({system}) over:', zh: '将割接{name}（{system}）：' },
  serves: {
    en: '  serves now: {from}; serves afterwards: {to}',
    zh: '  当前服务：{from}；割接后服务：{to}',
  },
  window: { en: '  window: {from} to {to} ({timeZone})', zh: '  窗口：{from} 至 {to}（{timeZone}）' },
  latestRollback: {
    en: '  latest rollback time of the window: {at}',
    zh: '  窗口内最晚回退时间：{at}',
  },
  rehearsed: {
    en: '  rehearsed: {cutover} to cut over, {rollback} to roll back',
    zh: '  演练用时：割接 {cutover}，回退 {rollback}',
  },
  gates: {
    en: '  gates of the rehearsal passed: {passed} of {all}',
    zh: '  演练指标：{all} 项通过 {passed} 项',
  },
  signed: { en: '  report recognised by: {parties}', zh: '  已共同认可报告：{parties}' },
  and: { en: ', ', zh: '、' },
  nobody: { en: 'nobody', zh: '无' },
  skipped: { en: '  skipped steps: {steps}', zh: '  已跳过的步骤：{steps}' },
  goWhat: { en: 'go', zh: '确认执行割接' },
  abort: { en: 'This ends the move of {name} ({system}):', zh: '将中止{name}（{system}）的迁移：' },
  standsAt: { en: '  it stands at: {phase}, round {round}', zh: '  当前：{phase}，第 {round} 轮' },
  oldServes: { en: '  continues to serve: {side}', zh: '  继续服务：{side}' },
  abortForGood: {
    en: '  afterwards: it cannot be resumed; moving the system needs a new launch, report and signatures',
    zh: '  之后：不能恢复；再次迁移需重新发起、重新出具报告并签署',
  },
  abortWhat: { en: 'abort its move', zh: '确认中止迁移' },
  flagYes: { en: 'Do not ask for the confirmation', zh: '不再要求确认' },
} as const
