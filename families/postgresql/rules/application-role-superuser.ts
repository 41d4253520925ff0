import { databaseRule, everyMoment } from '../census/rule.ts'

/** Precheck names them as a leak of the fence, with every other one. */
export const applicationRoleSuperuser = databaseRule({
  id: 'application-role-superuser',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['fence'],
  sentence: {
    zh: '应用使用的角色“{object}”是超级用户，切换时无法拦截。',
    en: 'The application logs in as "{object}", a superuser, who cannot be fenced off at the switch.',
  },
  remedy: {
    zh: '改用普通角色并只授予所需权限。',
    en: 'Give the application an ordinary role with the privileges it needs.',
  },
  find: ({ unfenced }) =>
    unfenced.filter(({ through }) => through === undefined).map(({ role }) => ({ object: role, values: {} })),
})
