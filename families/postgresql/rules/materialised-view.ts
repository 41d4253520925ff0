import { databaseRule } from '../census/rule.ts'

export const materialisedView = databaseRule({
  id: 'materialised-view',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['views'],
  sentence: {
    zh: '物化视图“{object}”的内容不会被复制，而是在新侧计算：首次复制之后一次，每次切换之后一次。',
    en: 'The content of the materialised view "{object}" is not replicated: it is computed on the new side, after the first copy and after each switch.',
  },
  remedy: {
    zh: '在演练环境看计算需要多久：切换后到算完之前，读取方看到的是上一次的内容。',
    en: 'See on staging how long that takes: after a switch its readers find what was computed before, until it is done.',
  },
  find: ({ materialisedViews }) => materialisedViews.map((name) => ({ object: name, values: {} })),
})
