import { pairRule } from '../census/rule.ts'

export const poolLargerThanServer = pairRule({
  id: 'pool-larger-than-server',
  severity: 'critical',
  when: ['assessment', 'preflight', 'precheck'],
  looksAt: ['server', 'entries'],
  sentence: {
    zh: '入口“{object}”最多向数据库打开 {wanted} 个连接，{there}只有 {free} 个可用（max_connections {max}）。',
    en: 'Entry "{object}" may open {wanted} connections to its database, where the server of {there} has {free} left (max_connections {max}).',
  },
  remedy: {
    zh: '调大{there}的 max_connections 并重启，或缩小连接池。',
    en: 'Raise max_connections of {there} and restart it, or make the pool smaller.',
  },
  find: ({ entries }, { server }) => {
    const free = server.maxConnections - server.reservedConnections - server.usedConnections
    return entries
      .filter(({ poolConnections }) => poolConnections > free)
      .map(({ name, poolConnections: wanted }) => ({
        object: name,
        values: { wanted, free, max: server.maxConnections },
      }))
  },
})
