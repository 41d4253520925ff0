import { databaseRule } from '../census/rule.ts'
import { firesOnApply } from './trigger-fires-on-apply.ts'

export const trigger = databaseRule({
  id: 'trigger',
  severity: 'information',
  when: ['assessment'],
  looksAt: ['triggers'],
  sentence: {
    zh: '表“{table}”有触发器“{trigger}”（触发方式 {mode}），复制时不会重复触发。',
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
