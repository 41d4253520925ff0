import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const notSuperuser = serverRule({
  id: 'not-superuser',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”上的角色“{role}”不是超级用户，而拦截、订阅和事件触发器都需要超级用户。',
    en: 'Role "{role}" on server "{object}" is no superuser, which fences, subscriptions and event triggers need.',
  },
  remedy: {
    zh: '指定一个超级用户为管理员；迁入托管服务的，在计划中写明（“managed”）。',
    en: 'Name an administrator that is. Where a managed service is moved into, the plan says so ("managed").',
  },
  find: (facts) => {
    const { name, superuser } = facts.server.administrator
    return atServer(facts, !superuser && facts.isManaged !== true, { role: name })
  },
})
