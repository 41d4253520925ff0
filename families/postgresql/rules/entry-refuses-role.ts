import { databaseRule } from '../census/rule.ts'

export const entryRefusesRole = databaseRule({
  id: 'entry-refuses-role',
  severity: 'critical',
  when: ['assessment', 'preflight', 'precheck'],
  looksAt: ['entries'],
  sentence: {
    zh: '应用角色“{object}”无法从入口“{entry}”登录（“{reason}”）。',
    en: 'Role "{object}" of the application cannot log in at entry "{entry}" ("{reason}").',
  },
  remedy: {
    zh: '在连接池的用户文件中加入该角色，或从计划的 appRoles 中去掉它',
    en: 'Put it into the pooler\'s file of users, or take it out of "appRoles" of the plan',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '该角色只直接连接数据库。',
      en: 'that is for a role that reaches the database another way.',
    },
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, refused }) =>
      refused.map(({ role, reason }) => ({ object: role, values: { entry: name, reason } })),
    ),
})
