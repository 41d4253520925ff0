import { pairRule } from '../census/rule.ts'

/**
 * A server that was made from the configuration of another one archives where that one does. Their log files have the same names: one
 * writes over those of the other, or is refused. https://github.com/postgrespro/pg_probackup/issues/395
 */
export const archivesIntoOnePlace = pairRule({
  id: 'archives-into-one-place',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sentence: {
    zh: '服务器“{object}”与旧服务器用同一条命令归档日志：如果去处也相同，两者的日志文件同名，会互相覆盖，两边的备份都无法恢复。',
    en: 'Server "{object}" archives its log by the very command of the old server: where that leads to one place, their files have the same names and write over each other, and neither backup can be restored.',
  },
  remedy: {
    zh: '为新服务器另设归档位置（自己的目录、前缀或 stanza），或确认该命令指向各自主机的本地磁盘。',
    en: 'Give the new server a place of its own (a folder, prefix or stanza), or make sure that the command writes to a disk of each host.',
  },
  find: (facts, { address, port, server }) =>
    server.archivesBy === undefined || server.archivesBy !== facts.server.archivesBy
      ? []
      : [{ object: `${address}:${String(port)}`, values: {} }],
})
