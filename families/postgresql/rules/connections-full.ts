import { atServer, everyMoment, serverRule } from '../census/rule.ts'

/** A switch has four on each side, its guardian two; what watches and verifies comes on top. */
const needed = 10

export const connectionsFull = serverRule({
  id: 'connections-full',
  severity: 'critical',
  when: everyMoment,
  sentence: {
    zh: '服务器“{object}”的 {count} 个连接中已有 {used} 个被占用；本迁移需要 {needed} 个空闲。',
    en: 'Of the {count} connections that server "{object}" has for clients, {used} are taken; this move needs {needed}.',
  },
  remedy: {
    zh: '调大 max_connections 并重启，或缩小连接池。',
    en: 'Raise max_connections and restart it, or make the pools smaller.',
  },
  find: (facts) => {
    const { usedConnections: used, maxConnections, reservedConnections } = facts.server
    const count = maxConnections - reservedConnections
    return atServer(facts, used + needed > count, { used, count, needed })
  },
})
