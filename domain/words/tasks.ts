import { words } from './message.ts'

/** What the tasks that a move opens ask of people, by kind of task. A task keeps its title in both languages. */
export const taskTitles = words({
  'approve-resources': {
    zh: '批准云资源并核对主机密钥',
    en: 'Approve the allocated hosts and their SSH host keys',
  },
  'accept-findings': {
    zh: '确认评估结论与适应性改造清单',
    en: 'Accept the findings and the adaptation they call for',
  },
  'adapt-code': {
    zh: '适应性改造：代码、操作系统、数据库',
    en: 'Adapt code, operating system and database',
  },
  'tracked-assess': {
    en: 'Describe the system as it is, and how it will be moved; attach the evidence',
    zh: '说明系统现状与迁移方式并附证据',
  },
  'tracked-trial-run': {
    en: 'Attest how the trial run went: availability, outages, incidents',
    zh: '证明试运行情况：可用率、中断与事件',
  },
  'tracked-public-write': {
    en: 'Make a write through the public address, read it back on the new side, and attach the evidence',
    zh: '通过公网地址写入并在新侧读回，附证据',
  },
  'tracked-old-side-kept': {
    en: 'Attest that the old side is closed to writers and kept as it was left',
    zh: '证明旧侧已停止写入并原样保留',
  },
  'tracked-which-side-serves': {
    en: 'Make sure that exactly one side serves, and attest which',
    zh: '确认仅有一侧在用，并证明是哪一侧',
  },
  'tracked-staging-cleared': {
    en: 'Remove what was set up beside the old side and the copies on staging, and attach the evidence',
    zh: '清除在旧侧之外建立的内容及测试平台上的副本，附证据',
  },
  'acknowledge-rollback': { zh: '事后确认回退', en: 'Acknowledge the rollback' },
  'acknowledge-ledger-change': { zh: '知悉台账变更', en: 'Take note of the change in the ledger' },
  'give-up-database': {
    zh: '同意放弃只写入该库的数据：核对导出文件，并在备注中写明其 SHA-256',
    en: 'Agree to give up what this database alone holds: check its dump, and write the SHA-256 of the dump into the note',
  },
  'record-hardware': { zh: '登记硬件利旧去向', en: 'Record where the released hardware goes' },
  'revise-rules': { zh: '修订内部管理制度', en: 'Revise the internal rules for the new deployment' },
})
