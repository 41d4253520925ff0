import { databaseRule } from '../census/rule.ts'

export const loginNotAdmitted = databaseRule({
  id: 'login-not-admitted',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '新侧的 pg_hba.conf 不允许角色“{object}”从其客户端所在主机登录（“{reason}”）。',
    en: 'The pg_hba.conf of the new side does not let role "{object}" in from the host that its clients come from ("{reason}").',
  },
  remedy: {
    zh: '在新侧的 pg_hba.conf 中加入该行并重新加载。',
    en: 'Add a line for it to the pg_hba.conf of the new side, and reload that server.',
  },
  find: ({ entries }) =>
    entries.flatMap(({ notAdmitted }) =>
      notAdmitted.map(({ role, reason }) => ({ object: role, values: { reason } })),
    ),
})
