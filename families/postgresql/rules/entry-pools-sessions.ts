import { databaseRule } from '../census/rule.ts'

export const entryPoolsSessions = databaseRule({
  id: 'entry-pools-sessions',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）按会话池化，切换无法暂停它。',
    en: 'Entry "{object}" at {place} pools by session, so a switch cannot pause it.',
  },
  remedy: {
    zh: '为其设置 pool_mode = transaction；应用不得依赖会话状态。',
    en: 'Set "pool_mode = transaction" for it; the application must not rely on the state of a session.',
  },
  find: ({ entries }) =>
    entries
      .filter(({ poolMode }) => poolMode === 'session')
      .map(({ name, place }) => ({ object: name, values: { place } })),
})
