import { databaseRule } from '../census/rule.ts'

export const roleShared = databaseRule({
  id: 'role-shared',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['shared roles'],
  sentence: {
    zh: '角色“{object}”还在本服务器的其他数据库中使用：{databases}（当前有会话：{inUse}）。切换只收回它对“{database}”的连接权，那里照常登录；新服务器上的同名角色带着同一口令与成员关系，但没有那些数据库。',
    en: 'Role "{object}" works in other databases of this server as well: {databases} (with sessions now: {inUse}). A switch takes its right to connect to "{database}" alone, and it goes on logging in there; the role of that name on the new server has the same password and memberships, and none of those databases.',
  },
  remedy: {
    zh: '给各系统分别建立角色，或与上述数据库的所有者约定：为迁移修改其口令或成员关系，那里也会改变；之后在那里修改，新服务器不会跟随。',
    en: 'Give each system a role of its own, or agree with the owners of those databases: a password or membership that is changed for this move changes there as well, and one that is changed there after the move does not follow to the new server.',
  },
  find: ({ sharedRoles, database }) =>
    sharedRoles.map(({ role, databases, inUse }) => ({
      object: role,
      values: { database, databases: databases.join(', '), inUse: inUse.join(', ') || '-' },
    })),
})
