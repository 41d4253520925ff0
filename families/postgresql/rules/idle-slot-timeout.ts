import { atServer, everyMoment, serverRule } from '../census/rule.ts'

export const idleSlotTimeout = serverRule({
  id: 'idle-slot-timeout',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”会在“{timeout}”后使空闲复制槽失效，退路会因此悄然失去。',
    en: 'Server "{object}" invalidates idle slots after "{timeout}", which would end the way back unnoticed.',
  },
  remedy: {
    zh: '设置 idle_replication_slot_timeout = 0。',
    en: 'Set "idle_replication_slot_timeout = 0".',
  },
  find: (facts) =>
    atServer(facts, facts.server.idleSlotTimeout !== undefined, {
      timeout: facts.server.idleSlotTimeout ?? '',
    }),
})
