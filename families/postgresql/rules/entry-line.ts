import { databaseRule } from '../census/rule.ts'

export const entryLine = databaseRule({
  id: 'entry-line',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”不能切换：{reason}',
    en: 'Entry "{object}" cannot be switched: {reason}',
  },
  remedy: {
    zh: '按所述补上该行或改正计划。',
    en: 'Write the line, or correct the plan, as it says.',
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, lineProblem }) =>
      lineProblem === undefined ? [] : [{ object: name, values: { reason: lineProblem } }],
    ),
})
