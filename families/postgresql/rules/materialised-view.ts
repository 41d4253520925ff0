import { databaseRule } from '../census/rule.ts'

export const materialisedView = databaseRule({
  id: 'materialised-view',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: {
    zh: '物化视图“{object}”的内容不会被复制。',
    en: 'The content of the materialised view "{object}" is not replicated.',
  },
  remedy: { zh: '切换后在新侧刷新。', en: 'Refresh it on the new side after the switch.' },
  find: ({ materialisedViews }) => materialisedViews.map((name) => ({ object: name, values: {} })),
})
