import { words } from './message.ts'

/** What the steps of a move are called. */
export const steps = words({
  discover: { en: 'discover the hosts', zh: '采集现状' },
  'discover-adapted': { en: 'discover the adapted system', zh: '采集改造后的系统' },
  'record-hosts': { en: 'record the hosts', zh: '登记主机' },
  preflight: { en: 'preflight of the hosts', zh: '主机预检' },
  'deploy-target': { en: 'deploy on the target', zh: '部署云上系统' },
  'deploy-staging': { en: 'deploy on staging', zh: '部署测试平台' },
  'copy-to-staging': { en: 'copy data to staging', zh: '向测试平台复制数据' },
  rehearse: { en: 'rehearse', zh: '测试与演练' },
  'observe-trial-run': { en: 'observe the trial run', zh: '观测试运行' },
  'compile-report': { en: 'compile the report', zh: '编制报告' },
  'start-replication': { en: 'start replication', zh: '建立数据复制' },
  'final-sync': { en: 'final sync', zh: '最终同步' },
  'verify-signatures': { en: 'verify the signatures', zh: '核验签署' },
  'switch-over': { en: 'switch over', zh: '切换到新侧' },
  'public-write-probe': { en: 'public write probe', zh: '公共入口写入探测' },
  'arm-way-back': { en: 'arm the way back', zh: '启用退路' },
  'keep-old-side': { en: 'keep the old side as it was left', zh: '保留旧侧' },
  'after-cutover': { en: 'finish the cutover', zh: '割接收尾' },
  'rearm-way-back': { en: 'seed the old side anew', zh: '重新建立旧侧' },
  'switch-back': { en: 'switch back', zh: '切换回旧侧' },
  'look-at-sides': { en: 'look which side serves', zh: '查看哪一侧在用' },
  'clear-staging': { en: 'take the copy off staging', zh: '删除测试平台的副本' },
  wipe: { en: 'wipe the old data', zh: '清除旧侧数据' },
})
