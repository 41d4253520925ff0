import { pairRule } from '../census/rule.ts'

export const passwordHashRefused = pairRule({
  id: 'password-hash-refused',
  severity: 'critical',
  when: ['assessment', 'preflight', 'replicate'],
  looksAt: ['server', 'passwords'],
  sentence: {
    zh: '角色“{object}”的密码以 md5 保存，而新库的 pg_hba.conf 只接受 {methods}。',
    en: 'The password of role "{object}" is stored as an md5 hash, and the pg_hba.conf of the new side takes {methods} only.',
  },
  remedy: {
    zh: '在旧库以 password_encryption = scram-sha-256 重新设置该密码，并更新连接池的用户文件。',
    en: 'Set the password again on the old side with "password_encryption = scram-sha-256", and renew the pooler\'s file of users.',
  },
  find: ({ md5Roles }, { passwordMethods }) =>
    passwordMethods.length === 0 ||
    passwordMethods.some((method) => ['md5', 'password', 'trust'].includes(method))
      ? []
      : md5Roles.map((role) => ({ object: role, values: { methods: passwordMethods.join(', ') } })),
})
