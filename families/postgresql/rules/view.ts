import { databaseRule } from '../census/rule.ts'

export const view = databaseRule({
  id: 'view',
  severity: 'information',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: { zh: '视图“{object}”。', en: 'View "{object}".' },
  remedy: { zh: '随结构一并复制，无需处理。', en: 'It comes along with the schema; nothing to do.' },
  find: ({ views }) => views.map((name) => ({ object: name, values: {} })),
})
