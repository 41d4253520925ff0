/** Cutover, rollback and retention. */
export const cutoverMessages = {
  schedule: { en: 'Set the cutover window', zh: '安排割接窗口' },
  go: { en: 'Go: switch to the new side', zh: '执行割接：切换到新系统' },
  noGo: { en: 'No-go: do not switch in this window', zh: '本窗口不割接' },
  abort: { en: 'Abort this cutover', zh: '中止本次割接' },
  flagStart: {
    en: 'When it opens: ISO time, or +duration from now',
    zh: '开始：ISO 时间，或从现在起的 +时长',
  },
  flagEnd: {
    en: 'When it ends: ISO time, or +duration from its start',
    zh: '结束：ISO 时间，或从开始起的 +时长',
  },
  flagReason: { en: 'Why', zh: '理由' },
  now: { en: 'now', zh: '现在' },
  start: { en: 'the start', zh: '窗口开始' },
  scheduled: {
    en: 'window {from} to {to} ({timeZone}), {length} long',
    zh: '窗口 {from} 至 {to}（{timeZone}），长 {length}',
  },
  latestRollback: {
    en: 'Latest moment to begin a rollback inside the window: {at}.',
    zh: '窗口内最晚回退时间：{at}。',
  },
  rehearsedNeeds: {
    en: 'The rehearsal needed {cutover} to cut over and {rollback} to roll back.',
    zh: '演练中割接用时 {cutover}，回退用时 {rollback}。',
  },
  endBeforeStart: {
    en: 'The window ends {end}, not after its start {start} ({timeZone}). Give a later --end.',
    zh: '窗口结束时间 {end} 不晚于开始时间 {start}（{timeZone}）。请给出更晚的 --end。',
  },
  didGo: { en: 'go: the switch begins', zh: '执行：开始切换' },
  didNoGo: { en: 'no-go', zh: '本窗口不割接' },
  didAbort: { en: 'cutover aborted', zh: '割接已中止' },
} as const

export const rollbackMessages = {
  describe: { en: 'Go back to the old side', zh: '回退到旧系统' },
  flagReason: { en: 'Why (recorded, acknowledged afterwards)', zh: '理由（记录在案，事后确认）' },
  flagNewSideGone: {
    en: "The new side's server is gone for good: open the old side without it; writes that had not arrived there are lost",
    zh: '新侧服务器已永久丢失：单独启用旧侧，未送达旧侧的写入将丢失',
  },
  flagYes: { en: 'Do not ask for the confirmation', zh: '不再要求确认' },
  what: { en: 'roll it back', zh: '确认回退' },
  whatAlone: { en: 'give the new side up', zh: '确认放弃新侧' },
  gone: {
    en: '  without the new side: refused while its server shows any sign of life',
    zh: '  不使用新侧：只要新侧服务器仍有任何响应，即予拒绝',
  },
  currentUntil: {
    en: '  {dataset}: the old side is known to be current until {at} ({timeZone})',
    zh: '  {dataset}：旧侧确知完整截至 {at}（{timeZone}）',
  },
  lost: {
    en: '  later writes may be lost for good; their number is unknown',
    zh: '  此后的写入可能永久丢失，数量无法得知',
  },
  didAlone: { en: 'rollback without the new side begins', zh: '开始不使用新侧的回退' },
  preview: { en: 'This takes {name} ({system}) back:', zh: '将把{name}（{system}）回退：' },
  serves: {
    en: '  serves now: {target}; serves afterwards: {source}',
    zh: '  当前服务：{target}；回退后服务：{source}',
  },
  wayBack: { en: '  way back: {state}{reasons}', zh: '  退路：{state}{reasons}' },
  because: { en: ' ({reasons})', zh: '（{reasons}）' },
  afterwards: {
    en: '  afterwards: a fresh report, fresh signatures, and retention begins anew with the next cutover',
    zh: '  之后：需重新出具报告、重新签署，下次割接后保留期重新计算',
  },
  did: { en: 'rollback begins', zh: '开始回退' },
} as const

export const retentionMessages = {
  status: { en: 'How long the way back is kept, and whether it is armed', zh: '退路保留到何时、是否就绪' },
  release: { en: 'Release the old data in writing (the owner)', zh: '书面同意清除原系统数据（所属部门）' },
  flagStatement: { en: 'The release, in your own words', zh: '同意清除的书面说明' },
  flagYes: { en: 'Do not ask for the confirmation', zh: '不再要求确认' },
  move: { en: 'Move', zh: '迁移' },
  lab: { en: 'LAB', zh: '实验环境' },
  state: { en: 'Retention', zh: '保留期' },
  'not-begun': { en: 'not begun: it begins with the cutover', zh: '未开始：割接后起算' },
  running: { en: 'running', zh: '进行中' },
  'time-reached': { en: "time reached; waits for the owner's release", zh: '已届满，等待所属部门书面同意' },
  released: { en: 'released', zh: '已书面同意清除' },
  ended: { en: 'ended', zh: '已结束' },
  since: { en: 'Since', zh: '始于' },
  until: { en: 'Until', zh: '保留至' },
  wayBack: { en: 'Way back', zh: '退路' },
  wayBackSince: { en: '{state} since {since}', zh: '{state}，自 {since}' },
  reasons: { en: '{line}: {reasons}', zh: '{line}：{reasons}' },
  datasets: { en: 'Old side', zh: '旧侧' },
  datasetLine: {
    en: '{dataset}: {channel}, current until {at}[? ({figures})]',
    zh: '{dataset}：{channel}，完整截至 {at}[?（{figures}）]',
  },
  releaseLabel: { en: 'Release', zh: '同意清除' },
  releaseLine: { en: '{actor}, {at}: {statement}', zh: '{actor}，{at}：{statement}' },
  looks: { en: 'Last looks', zh: '最近检查' },
  lookLine: {
    en: '{at}: old side {old}, new side {new}[?; {datasets}]',
    zh: '{at}：旧侧 {old}，新侧 {new}[?；{datasets}]',
  },
  lookDataset: { en: '{dataset} {channel}, {age} behind', zh: '{dataset} {channel}，滞后 {age}' },
  reachable: { en: 'reachable', zh: '可达' },
  unreachable: { en: 'UNREACHABLE', zh: '不可达' },
  unknown: { en: 'unknown', zh: '未知' },
  releaseWhat: { en: 'release its old data for removal', zh: '同意清除原系统数据' },
  timesIn: { en: 'Times are in {timeZone}.', zh: '时间按 {timeZone}。' },
  didRelease: { en: 'old data released', zh: '已同意清除原系统数据' },
} as const
