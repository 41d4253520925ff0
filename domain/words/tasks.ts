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
  'acknowledge-rollback': { zh: '事后确认回退', en: 'Acknowledge the rollback' },
  'acknowledge-ledger-change': { zh: '知悉台账变更', en: 'Take note of the change in the ledger' },
  'give-up-database': {
    zh: '同意放弃只写入该库的数据：核对导出文件，并在备注中写明其 SHA-256',
    en: 'Agree to give up what this database alone holds: check its dump, and write the SHA-256 of the dump into the note',
  },
  'record-hardware': { zh: '登记硬件利旧去向', en: 'Record where the released hardware goes' },
  'revise-rules': { zh: '修订内部管理制度', en: 'Revise the internal rules for the new deployment' },
})
