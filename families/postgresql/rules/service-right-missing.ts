import { everyMoment, serverName, serverRule } from '../census/rule.ts'
import type { NeededRight } from '../facts/service-rights.ts'
import { oldestManaged } from './managed-too-old.ts'

/** What gives each right, as SQL or a service's page calls it. */
const names: Readonly<Record<NeededRight, string>> = {
  'create-roles': 'CREATEROLE',
  'create-databases': 'CREATEDB',
  replicate: 'REPLICATION (rds_replication)',
  subscribe: 'pg_create_subscription',
  'end-sessions': 'pg_signal_backend',
  'see-sessions': 'pg_monitor',
}

export const serviceRightMissing = serverRule({
  id: 'service-right-missing',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '托管服务“{server}”的管理员“{role}”没有“{right}”权限，没有它无法建立角色与库、复制或拦截。',
    en: 'Administrator "{role}" of the managed service "{server}" lacks the right "{right}", without which roles and database are not made, replicated or fenced.',
  },
  remedy: {
    zh: '在服务的控制台或以其最高权限账号授予“{right}”',
    en: 'Grant "{right}" to it, by the console of the service or its account of most rights',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当该服务以别的方式准许其管理员这样做时。',
      en: 'that is for a service that lets its administrator do it by another way.',
    },
  },
  find: (facts) => {
    const { administrator, major } = facts.server
    const { rights, name } = administrator
    if (facts.isManaged !== true || major < oldestManaged) return []
    return (rights?.lacks ?? []).map((lacked) => ({
      object: `${serverName(facts)}: ${names[lacked]}`,
      values: { server: serverName(facts), role: name, right: names[lacked] },
    }))
  },
})
