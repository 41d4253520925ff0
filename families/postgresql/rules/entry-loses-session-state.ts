import { databaseRule } from '../census/rule.ts'
import { wordsOfRoles } from '../facts/session-uses.ts'

/** What a switch needs of a pooler takes the session away from its clients: https://www.pgbouncer.org/features.html */
export const entryLosesSessionState = databaseRule({
  id: 'entry-loses-session-state',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['entries', 'session uses'],
  sentence: {
    zh: '角色“{object}”在会话中保留状态（{words}；见于 {seenIn}）：入口“{entry}”（{place}）须按事务池化才能切换，下一个事务可能落到没有该状态的其他会话，并可能把状态留给他人；切换也会结束这些会话。',
    en: 'Role "{object}" keeps state in its sessions ({words}; seen in {seenIn}): entry "{entry}" at {place} has to pool by transaction to be switched, so that the next transaction may come to a session that has none of it, and what was left may come to others. A switch ends these sessions too.',
  },
  remedy: {
    zh: '改用随事务结束的写法（SET LOCAL、pg_advisory_xact_lock、ON COMMIT DROP），固定设置用 ALTER ROLE … SET；LISTEN、会话级锁和 PREPARE 须换用别的办法，或另用直连会话，并随切换改接。',
    en: 'Use what ends with its transaction (SET LOCAL, pg_advisory_xact_lock, ON COMMIT DROP), and ALTER ROLE … SET for what is always the same. LISTEN, locks of a session and PREPARE need another way, or sessions past the entry that somebody leads to the other side at the switch.',
  },
  find: ({ entries, sessionUses }) =>
    entries
      .filter(({ poolMode }) => poolMode !== '')
      .flatMap(({ name: entry, place }) =>
        wordsOfRoles(sessionUses.filter(({ sort }) => sort === 'state')).map(({ role, ...seen }) => ({
          object: role,
          values: { entry, place, ...seen },
        })),
      ),
})
