/** Cutover, rollback and retention. */
export const cutoverMessages = {
  schedule: { en: 'Set the cutover window', zh: '安排割接窗口' },
  go: { en: 'Go: switch to the new side', zh: '执行割接：切换到新侧' },
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
    en: 'Latest rollback time of the window: {at}.',
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
  settle: {
    en: 'Bring the sides to exactly one that serves, where a switch or its abort is blocked',
    zh: '切换或其中止受阻时，使两侧中恰有一侧提供服务',
  },
  flagSettleGone: {
    en: "The new side's server is gone for good: open the old side without it; what it may have taken is lost",
    zh: '新侧服务器已永久丢失：单独启用旧侧，新侧可能接收的写入将丢失',
  },
  settlePreview: {
    en: 'This settles the sides of {name} ({system}):',
    zh: '将处理{name}（{system}）的两侧状态：',
  },
  settleOld: { en: '  old side, {side}: {found:sideFound}', zh: '  旧侧 {side}：{found:sideFound}' },
  settleNew: { en: '  new side, {side}: {found:sideFound}', zh: '  新侧 {side}：{found:sideFound}' },
  settleWill: { en: '  {settling}', zh: '  {settling}' },
  settleWhat: { en: 'settle its sides', zh: '确认处理两侧状态' },
  didSettle: { en: 'settling begins', zh: '开始处理两侧状态' },
  didGo: { en: 'go: the switch begins', zh: '执行：开始切换' },
  didNoGo: { en: 'no-go', zh: '本窗口不割接' },
  didAbort: { en: 'cutover aborted', zh: '割接已中止' },
} as const

export const rollbackMessages = {
  describe: { en: 'Go back to the old side', zh: '回退到旧侧' },
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
  release: { en: 'Release the old data in writing (the owner)', zh: '书面同意清除旧侧数据（所属部门）' },
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
  releaseWhat: { en: 'release its old data for removal', zh: '同意清除旧侧数据' },
  timesIn: { en: 'Times are in {timeZone}.', zh: '时间按 {timeZone}。' },
  ddl: {
    en: 'Change the schema on both sides, the old one first, while the new one serves',
    zh: '新侧提供服务期间，在两侧变更表结构（先旧侧）',
  },
  ddlFile: { en: 'SQL file', zh: 'SQL 文件' },
  flagDdlReason: { en: 'Why', zh: '理由' },
  flagDataset: { en: 'Which of several databases', zh: '多个数据库时指定其一' },
  flagRole: {
    en: 'The role that makes it, where tables have several owners',
    zh: '表有多个所有者时，指定执行变更的角色',
  },
  ddlPreview: {
    en: 'This changes the schema of {name} ({system}) on both sides:',
    zh: '将在两侧变更{name}（{system}）的表结构：',
  },
  ddlStatement: { en: '  {n}. {statement}', zh: '  {n}. {statement}' },
  ddlTried: {
    en: '  tried first on {source} and taken back there; refused where the old side could not follow any more',
    zh: '  先在 {source} 试做并撤销；如会使旧侧无法跟随，即予拒绝',
  },
  ddlMade: {
    en: '  then made on {source} and on {target}; writers on what it changes wait meanwhile, 10 s at the longest',
    zh: '  然后在 {source} 和 {target} 变更；期间相关表的写入等待，最长 10 秒',
  },
  ddlWhat: { en: 'change its schema', zh: '确认变更表结构' },
  didDdl: {
    en: 'schema change begins; its outcome is in "retention status"',
    zh: '开始变更表结构；结果见“retention status”',
  },
  rearm: {
    en: 'Seed the old side anew from the new one, which goes on serving',
    zh: '由继续服务的新侧重新建立旧侧',
  },
  rearmPreview: {
    en: 'This seeds the old side of {name} ({system}) anew:',
    zh: '将重新建立{name}（{system}）的旧侧：',
  },
  rearmFound: {
    en: '  old side, {side}: {found:sideFound}; way back: {state}',
    zh: '  旧侧 {side}：{found:sideFound}；退路：{state}',
  },
  rearmEmptied: {
    en: '  its tables are emptied there and copied anew from {target}; refused unless its own record says that it is closed and that everything it took is on the new side',
    zh: '  将清空其中的表，并由 {target} 重新复制；只有旧侧自身的记录表明其已封锁且所接收的数据均已到达新侧时才执行',
  },
  rearmCopied: {
    en: '  its tables are copied anew from {target}',
    zh: '  由 {target} 重新复制其中的表',
  },
  rearmMeanwhile: {
    en: '  until that is done the old side cannot be opened, without the new one neither',
    zh: '  完成之前旧侧不能启用，即使新侧丢失也不能',
  },
  rearmWhat: { en: 'empty its old side', zh: '确认清空旧侧' },
  didRearm: { en: 'the old side is being seeded anew', zh: '开始重新建立旧侧' },
  schemaChange: { en: 'Schema change', zh: '表结构变更' },
  schemaChangeLine: {
    en: '{state} {since}, {actor}: {statements}',
    zh: '{state}，{since}，{actor}：{statements}',
  },
  schemaChangeHeld: {
    en: 'writers may have waited {heldMs} ms[?; followed from now on: {tables}]',
    zh: '写入可能等待了 {heldMs} 毫秒[?；新纳入复制的表：{tables}]',
  },
  changeRunning: { en: 'being made', zh: '进行中' },
  changeMade: { en: 'made', zh: '已完成' },
  changeRefused: { en: 'refused', zh: '被拒绝' },
  changeFailed: { en: 'UNFINISHED', zh: '未完成' },
  didRelease: { en: 'old data released', zh: '已同意清除旧侧数据' },
} as const
