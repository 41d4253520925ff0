import { pairRule } from '../census/rule.ts'

export const notArchivedThere = pairRule({
  id: 'not-archived-there',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sentence: {
    zh: '旧服务器归档其日志，而服务器“{object}”没有：切换之后写入的内容没有可按时间点恢复的备份。',
    en: 'The old server archives its log, and server "{object}" does not: what is written after a switch is in no backup that can be restored to a point in time.',
  },
  remedy: {
    zh: '在切换前为新服务器配置归档和备份，做一次恢复试验；备份任务本身也要从旧主机移过来。',
    en: 'Set up archiving and backups of the new server before a switch, and restore one of them; what starts the backups has to come along from the old host, too.',
  },
  find: (facts, { address, port, server }) =>
    facts.server.archivesBy === undefined || server.archivesBy !== undefined
      ? []
      : [{ object: `${address}:${String(port)}`, values: {} }],
})
