import { databaseRule } from './rule.ts'

const firesOnApply = (enabled: string): boolean => enabled === 'always' || enabled === 'replica'

/** What such a trigger writes where rows are applied arrives there a second time, by itself. */
export const triggerFiresOnApply = databaseRule({
  id: 'trigger-fires-on-apply',
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  looksAt: ['triggers'],
  sentence: {
    zh: '表“{table}”的触发器“{trigger}”为 ALWAYS 或 REPLICA 模式，在接收复制的一侧也会触发：它写入的行会重复，或使复制中断。',
    en: 'Trigger "{trigger}" of table "{table}" is enabled as ALWAYS or REPLICA, so it fires on the side that follows as well: rows it writes would be there twice, or stop replication.',
  },
  remedy: {
    zh: '改为普通模式（alter table {table} enable trigger {trigger}）',
    en: 'Enable it as usual ("alter table {table} enable trigger {trigger}")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当它在接收一侧不写任何数据时。',
      en: 'that is for a trigger that writes nothing on the side that follows.',
    },
  },
  find: ({ triggers }) =>
    triggers
      .filter(({ enabled }) => firesOnApply(enabled))
      .map(({ table, name }) => ({ object: `${table}.${name}`, values: { table, trigger: name } })),
})

export const trigger = databaseRule({
  id: 'trigger',
  severity: 'information',
  when: ['assessment'],
  looksAt: ['triggers'],
  sentence: {
    zh: '表“{table}”有触发器“{trigger}”（模式 {mode}），复制时不会重复触发。',
    en: 'Table "{table}" has the trigger "{trigger}" (mode {mode}); it does not fire for replicated rows.',
  },
  remedy: { zh: '随结构一并复制，无需处理。', en: 'It comes along with the schema; nothing to do.' },
  find: ({ triggers }) =>
    triggers
      .filter(({ enabled }) => !firesOnApply(enabled))
      .map(({ table, name, enabled }) => ({
        object: `${table}.${name}`,
        values: { table, trigger: name, mode: enabled },
      })),
})

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
