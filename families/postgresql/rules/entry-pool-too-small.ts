import { databaseRule } from '../census/rule.ts'

/** What waits without a switch waits longer behind all that a switch has held. */
export const entryPoolTooSmall = databaseRule({
  id: 'entry-pool-too-small',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）已有 {waiting} 个客户端在等待服务器连接，最久的已等 {seconds} 秒：切换之后所有客户端同时涌入，会等待更久。',
    en: '{waiting} clients of entry "{object}" at {place} wait for a connection to the server even now, the first for {seconds} seconds: after a switch all come at once and wait longer.',
  },
  remedy: {
    zh: '调大该入口的 pool_size（default_pool_size）并重新加载连接池，或在较空闲时切换',
    en: 'Raise "pool_size" of the entry ("default_pool_size") and reload the pooler, or switch at a quieter time',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '等待超过 query_wait_timeout 的客户端会被断开。',
      en: 'clients that wait longer than query_wait_timeout are disconnected.',
    },
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, fullness }) => {
      const longest = Math.max(0, ...fullness.map(({ waitingSeconds }) => waitingSeconds))
      const waiting = fullness.reduce((sum, one) => sum + one.waiting, 0)
      return waiting > 0 && longest >= 1
        ? [{ object: name, values: { place, waiting, seconds: longest } }]
        : []
    }),
})
