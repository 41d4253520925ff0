import { atServer, serverRule } from '../census/rule.ts'

export const schemaChangesUnseen = serverRule({
  id: 'schema-changes-unseen',
  severity: 'warning',
  when: ['assessment'],
  sentence: {
    zh: '服务器“{object}”的管理员“{role}”不能建立事件触发器：该侧的结构变更不会被拒绝，也不会逐条记录，仅在两侧比对时发现（保留期内持续比对，每次切换前及拦截之后再次比对）。',
    en: 'Administrator "{role}" of server "{object}" may make no event triggers: changes of the schema there are neither refused nor put on record one by one, and show as both sides are compared: all through the retention, before each switch, and once more behind the fence.',
  },
  remedy: {
    zh: '约定保留期内结构变更只以“qianyun retention ddl”进行。',
    en: 'Agree that the schema is changed by "qianyun retention ddl" alone while the old side follows.',
  },
  find: (facts) => {
    const { rights, name } = facts.server.administrator
    return atServer(facts, rights?.makesEventTriggers === false, { role: name })
  },
})
