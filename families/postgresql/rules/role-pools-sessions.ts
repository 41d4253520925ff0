import { databaseRule } from '../census/rule.ts'

/** The setting of a role goes before that of its database. https://github.com/pgbouncer/pgbouncer/issues/596 */
export const rolePoolsSessions = databaseRule({
  id: 'role-pools-sessions',
  severity: 'critical',
  when: ['assessment', 'preflight', 'precheck'],
  looksAt: ['entries'],
  sentence: {
    zh: '角色“{object}”在入口“{entry}”（{place}）按会话池化（连接池的 [users] 一节），尽管该入口本身并非如此：只要它的客户端还连着，切换就无法暂停入口。',
    en: 'Role "{object}" pools by session at entry "{entry}" ({place}), by the section [users] of the pooler, though the entry itself does not: while a client of it is connected, a switch cannot pause the entry.',
  },
  remedy: {
    zh: '从该节去掉其 pool_mode = session 并重新加载连接池，或为它另设一个入口',
    en: 'Take "pool_mode = session" of that role out of that section and reload the pooler, or give it an entry of its own',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当切换时它没有客户端连着时；否则切换会在暂停处放弃。',
      en: 'that is for a role without clients by then; else the switch is given up at the pause.',
    },
  },
  find: ({ entries }) =>
    entries
      .filter(({ poolMode }) => poolMode !== 'session')
      .flatMap(({ name, place, sessionRoles = [] }) =>
        sessionRoles.map((role) => ({ object: role, values: { entry: name, place } })),
      ),
})
