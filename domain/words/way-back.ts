import { words } from './message.ts'

/** Why the new side may not be kept current until its switch, of which dataset where a system has several. */
export const forwardReasons = words({
  'forward-not-looked-at': {
    en: '[?{dataset}: ]replication into the new side could not be looked at: {because}',
    zh: '[?{dataset}：]无法查看向新侧的复制：{because}',
  },
  'forward-apply-not-running': {
    en: '[?{dataset}: ]nothing is replicated into the new side: no apply worker runs for subscription "{object}", and the log of the new server says why',
    zh: '[?{dataset}：]向新侧的复制已停止：订阅“{object}”没有 apply 进程在运行，原因见新服务器日志',
  },
  'forward-apply-waits': {
    en: '[?{dataset}: ]what subscription "{object}" brings to the new side waits for a lock of {holders}; let that end, or end that session',
    zh: '[?{dataset}：]订阅“{object}”向新侧带来的变更在等待以下会话释放锁：{holders}；请等其结束，或结束该会话',
  },
  'forward-tables-unknown': {
    en: '[?{dataset}: ]nothing is replicated into the new side: {because}',
    zh: '[?{dataset}：]向新侧的复制已停止：{because}',
  },
  'forward-tables-made-anew': {
    en: '[?{dataset}: ]{because}',
    zh: '[?{dataset}：]{because}',
  },
  'forward-slot-about-to-be-lost': {
    en: '[?{dataset}: ]replication slot "{object}" of the old side is about to be lost, with {bytes} bytes of log behind',
    zh: '[?{dataset}：]旧侧复制槽“{object}”即将失效，积压日志 {bytes} 字节',
  },
  'forward-lost': {
    en: '[?{dataset}: ]{because}',
    zh: '[?{dataset}：]{because}',
  },
})

/** Why a way back is degraded or lost, of which dataset where a system has several. */
export const wayBackReasons = words({
  'arming-skipped': { en: 'nobody has seen it armed', zh: '未确认就绪' },
  'rearmed-not-seen': {
    en: 'the old side was seeded anew, and not every dataset has been seen to follow since',
    zh: '旧侧已重新建立，尚未确认全部数据集均已跟随',
  },
  'reverse-slot-invalidated': {
    en: '[?{dataset}: ]the reverse replication slot is invalidated',
    zh: '[?{dataset}：]反向复制槽已失效',
  },
  'reverse-slot-missing': {
    en: '[?{dataset}: ]the reverse replication slot is gone',
    zh: '[?{dataset}：]反向复制槽不存在',
  },
  'kept-copied-back': {
    en: '[?{dataset}: ]the old side stands as it was left[? at {since}]; a rollback stops the new side and copies everything back, and nobody is served meanwhile',
    zh: '[?{dataset}：]旧侧保持[? {since} ]停用时的原样；回退时将停止新侧并把全部数据复制回来，期间停止服务',
  },
  'kept-as-left': {
    en: '[?{dataset}: ]the old side stands as it was left[? at {since}]; after a rollback what was written since is on the new side alone',
    zh: '[?{dataset}：]旧侧保持[? {since} ]停用时的原样；回退后，此后写入的数据只留在新侧',
  },
  'new-side-not-running': {
    en: '[?{dataset}: ]the new side does not run',
    zh: '[?{dataset}：]新侧没有运行',
  },
  'old-side-without-record': {
    en: '[?{dataset}: ]the old side has no record of its own that it was left',
    zh: '[?{dataset}：]旧侧没有已停用的记录',
  },
  'old-side-runs': {
    en: '[?{dataset}: ]the old side is not stopped: what it takes is nowhere else',
    zh: '[?{dataset}：]旧侧未停止：其写入的数据别处没有',
  },
  'new-side-unreachable': {
    en: '[?{dataset}: ]the new side cannot be reached',
    zh: '[?{dataset}：]无法连接新侧',
  },
  'old-side-unreachable': {
    en: '[?{dataset}: ]the old side cannot be reached',
    zh: '[?{dataset}：]无法连接旧侧',
  },
  'reverse-slot-about-to-be-lost': {
    en: '[?{dataset}: ]the reverse replication slot is about to be invalidated',
    zh: '[?{dataset}：]反向复制槽即将失效',
  },
  'outage-not-survived': {
    en: '[?{dataset}: ]the log that the new side can still keep for the old one lasts {left} hours at its peak; {needed} are to be survived',
    zh: '[?{dataset}：]新侧还能为旧侧保留的日志在高峰时仅够 {left} 小时；须承受 {needed} 小时',
  },
  'reverse-subscription-disabled': {
    en: '[?{dataset}: ]the reverse subscription is disabled',
    zh: '[?{dataset}：]反向订阅已停用',
  },
  'reverse-apply-not-running': {
    en: '[?{dataset}: ]reverse replication is not running',
    zh: '[?{dataset}：]反向复制未在运行',
  },
  'reverse-apply-waits': {
    en: '[?{dataset}: ]what arrives on the old side waits for a lock of {holders}; let that end, or end that session',
    zh: '[?{dataset}：]到达旧侧的变更在等待以下会话释放锁：{holders}；请等其结束，或结束该会话',
  },
  'reverse-tables-unknown': {
    en: '[?{dataset}: ]replication back stops at tables or columns that the old side lacks: {tables}',
    zh: '[?{dataset}：]反向复制停在旧侧没有的表或列：{tables}',
  },
  'tables-replaced': {
    en: '[?{dataset}: ]{count} tables of the new side were replaced by others of the same name ({tables}), and the old side has the rows of those before',
    zh: '[?{dataset}：]新侧有 {count} 张表被同名的另一张表替换（{tables}），旧侧仍是原表的行',
  },
  'tables-not-followed': {
    en: '[?{dataset}: ]{count} tables are not replicated back',
    zh: '[?{dataset}：]{count} 张表未同步',
  },
  'sides-unlike': {
    en: '[?{dataset}: ]the sides differ (differences: {count}): "{objects}"',
    zh: '[?{dataset}：]两侧有 {count} 处不同：“{objects}”',
  },
  'rollback-would-be-refused': {
    en: '[?{dataset}: ]a rollback would be refused as things stand (findings: {count}): "{objects}"',
    zh: '[?{dataset}：]按目前状况回退会被拒绝（{count} 项）：“{objects}”',
  },
  'sides-not-compared': {
    en: '[?{dataset}: ]whether both sides are alike is not known: {because}',
    zh: '[?{dataset}：]两侧是否一致尚不可知：{because}',
  },
  behind: {
    en: '[?{dataset}: ]the old side is {seconds} s behind',
    zh: '[?{dataset}：]旧侧滞后 {seconds} 秒',
  },
  'files-not-carried': {
    en: '[?{dataset}: ]files are not carried back: {because}',
    zh: '[?{dataset}：]文件未同步：{because}',
  },
})
