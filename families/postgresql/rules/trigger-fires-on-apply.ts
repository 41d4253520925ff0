import { databaseRule, everyMoment } from '../census/rule.ts'

export const firesOnApply = (enabled: string): boolean => enabled === 'always' || enabled === 'replica'

/** What such a trigger writes where rows are applied arrives there a second time, by itself. */
export const triggerFiresOnApply = databaseRule({
  id: 'trigger-fires-on-apply',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['triggers'],
  sentence: {
    zh: '表“{table}”的触发器“{trigger}”的触发方式为 ALWAYS 或 REPLICA，在接收复制的一侧也会触发：它写入的行会重复，或使复制中断。',
    en: 'Trigger "{trigger}" of table "{table}" is enabled as ALWAYS or REPLICA, so it fires on the side that follows as well: rows it writes would be there twice, or stop replication.',
  },
  remedy: {
    zh: '改为普通方式（alter table {table} enable trigger {trigger}）',
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
