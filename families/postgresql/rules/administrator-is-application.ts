import { everyMoment, serverRule } from '../census/rule.ts'

export const administratorIsApplication = serverRule({
  id: 'administrator-is-application',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '应用以管理员“{object}”登录，而它不是超级用户：拦截应用会将管理员一并拦在外面。',
    en: 'The application logs in as the administrator "{object}", who is no superuser: what fences the application would keep the administrator out as well.',
  },
  remedy: {
    zh: '为应用另设角色，或为迁移另设管理员。',
    en: 'Give the application a role of its own, or the move another administrator.',
  },
  find: ({ appRoles, server: { administrator } }) =>
    !administrator.superuser && appRoles.includes(administrator.name)
      ? [{ object: administrator.name, values: {} }]
      : [],
})
