import { pairRule } from '../census/rule.ts'
import { methodsThatRefuse } from '../facts/password-facts.ts'

export const passwordHashRefused = pairRule({
  id: 'password-hash-refused',
  severity: 'critical',
  when: ['assessment', 'preflight', 'replicate'],
  looksAt: ['server', 'passwords'],
  sentence: {
    zh: '角色“{object}”的口令保存形式为“{hash}”（“-”为没有口令），而{there}的 pg_hba.conf 对它只接受 {methods}：它在那里无法登录。',
    en: 'The password of role "{object}" is stored as "{hash}" ("-": it has none), and the pg_hba.conf of {there} asks it for {methods} alone: it cannot log in there.',
  },
  remedy: {
    zh: '在{here}以 password_encryption = scram-sha-256 重新设置该口令，并更新连接池的用户文件；或在{there}的 pg_hba.conf 中为它设置合适的方式',
    en: 'Set the password again on {here} with "password_encryption = scram-sha-256", and renew the pooler\'s file of users; or give it a line of another method in the pg_hba.conf of {there}',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当该角色不再登录，或连接池从这些行之外的地址连接时。',
      en: 'that is for a role that logs in no more, or a pooler that comes by another line.',
    },
  },
  find: ({ storedPasswords, database }, { hbaLines }) =>
    storedPasswords.flatMap((stored) => {
      const methods = methodsThatRefuse(stored, database, hbaLines)
      return methods.length === 0
        ? []
        : [{ object: stored.role, values: { hash: stored.hash, methods: methods.join(', ') } }]
    }),
})
