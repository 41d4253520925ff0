import { words } from './message.ts'

/** Why a way back is degraded or lost. */
export const wayBackReasons = words({
  'reverse-slot-invalidated': {
    en: 'the reverse replication slot is invalidated',
    zh: '反向复制槽已失效',
  },
  'reverse-slot-missing': { en: 'the reverse replication slot is gone', zh: '反向复制槽不存在' },
  'new-side-unreachable': { en: 'the new side cannot be reached', zh: '无法连接新侧' },
  'old-side-unreachable': { en: 'the old side cannot be reached', zh: '无法连接旧侧' },
  'reverse-slot-about-to-be-lost': {
    en: 'the reverse replication slot is about to be invalidated',
    zh: '反向复制槽即将失效',
  },
  'reverse-subscription-disabled': { en: 'the reverse subscription is disabled', zh: '反向订阅已停用' },
  'reverse-apply-not-running': { en: 'reverse replication is not running', zh: '反向复制未在运行' },
  'tables-not-followed': { en: '{count} tables are not replicated back', zh: '{count} 张表未同步' },
  'replication-late': { en: 'reverse replication is {seconds} s behind', zh: '反向复制滞后 {seconds} 秒' },
  'files-late': { en: 'files are {seconds} s behind', zh: '文件滞后 {seconds} 秒' },
  'files-not-carried': { en: 'files are not carried back: {because}', zh: '文件未同步：{because}' },
})
