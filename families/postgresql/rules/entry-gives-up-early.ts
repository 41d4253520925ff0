import { databaseRule } from '../census/rule.ts'

/** A switch that goes wrong has clients waiting until its deadline and its undo are over. */
const enoughSeconds = 10

export const entryGivesUpEarly = databaseRule({
  id: 'entry-gives-up-early',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）让客户端最多等待 {seconds} 秒（query_wait_timeout）：切换在暂停期间受阻时，等待中的客户端会被断开。',
    en: 'Entry "{object}" at {place} lets clients wait for {seconds} seconds at most (query_wait_timeout): it disconnects those that wait while a switch is held up.',
  },
  remedy: {
    zh: '把 query_wait_timeout 设为 10 秒以上（默认 120 秒），并重新加载连接池。',
    en: 'Set "query_wait_timeout" to 10 seconds or more (120 by default), and reload the pooler.',
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, clientsWaitSeconds: seconds }) =>
      seconds !== undefined && seconds < enoughSeconds ? [{ object: name, values: { place, seconds } }] : [],
    ),
})
