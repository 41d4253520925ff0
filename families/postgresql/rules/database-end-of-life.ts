import { isPast } from '../../../domain/assessment/end-of-life.ts'
import { atServer, serverRule } from '../census/rule.ts'

/** Of the old side: what it moves to is held against it as a pair. */
export const databaseEndOfLife = serverRule({
  id: 'database-end-of-life',
  severity: 'warning',
  when: ['assessment'],
  sentence: {
    zh: '服务器“{object}”运行 PostgreSQL {version}，其支持已于 {date} 终止。',
    en: 'Server "{object}" runs PostgreSQL {version}, whose support ended on {date}.',
  },
  remedy: { zh: '迁移的同时升级到受支持的版本。', en: 'Move to a supported version on the way.' },
  find: (facts) => {
    const { version, endOfLife: date = '' } = facts.server
    return atServer(facts, date !== '' && isPast(date, facts.gatheredAtMs), { version, date })
  },
})
