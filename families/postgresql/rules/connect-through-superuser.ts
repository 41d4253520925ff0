import { databaseRule, everyMoment } from '../census/rule.ts'

export const connectThroughSuperuser = databaseRule({
  id: 'connect-through-superuser',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['fence'],
  sentence: {
    zh: '角色“{object}”作为超级用户“{through}”的成员拥有 CONNECT 权限，切换时无法拦截。',
    en: 'Role "{object}" has CONNECT as a member of superuser "{through}" and cannot be fenced off at the switch.',
  },
  remedy: { zh: '撤销该成员关系。', en: 'Revoke that membership.' },
  find: ({ unfenced }) =>
    unfenced.flatMap(({ role, through }) =>
      through === undefined ? [] : [{ object: role, values: { through } }],
    ),
})
