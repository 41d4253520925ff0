/** Why a way back is degraded or lost, by the code it is recorded with (domain/move/way-back.ts). */
export const wayBackReasons = [
  { en: 'reverse-slot-invalidated', zh: '反向复制槽已失效' },
  { en: 'reverse-slot-missing', zh: '反向复制槽不存在' },
  { en: 'new-side-unreachable', zh: '无法连接新侧' },
  { en: 'old-side-unreachable', zh: '无法连接旧侧' },
  { en: 'reverse-slot-about-to-be-lost', zh: '反向复制槽即将失效' },
  { en: 'reverse-subscription-disabled', zh: '反向订阅已停用' },
  { en: 'reverse-apply-not-running', zh: '反向复制未在运行' },
  { en: 'tables-not-followed-{count}', zh: '{count} 张表未同步' },
  { en: 'marker-late-{seconds}s', zh: '同步标记滞后 {seconds} 秒' },
  { en: 'files-late-{seconds}s', zh: '文件滞后 {seconds} 秒' },
  { en: 'files-{code}', zh: '文件未同步（{code}）' },
] as const
