import { databaseRule } from '../census/rule.ts'

export const eventTrigger = databaseRule({
  id: 'event-trigger',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['event triggers'],
  sentence: {
    zh: '数据库有事件触发器“{object}”，会对结构变更作出反应。',
    en: 'The database has the event trigger "{object}", which reacts to changes of the schema.',
  },
  remedy: {
    zh: '确认它不会干扰建库与复制。',
    en: 'Make sure it does not get in the way of copy and replication.',
  },
  find: ({ eventTriggers }) => eventTriggers.map((name) => ({ object: name, values: {} })),
})
