import { pairRule } from '../census/rule.ts'

export const targetOlder = pairRule({
  id: 'target-older',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sentence: {
    zh: '新侧服务器为 PostgreSQL “{to}”，低于旧侧的“{from}”。',
    en: 'The new server is PostgreSQL "{to}", older than the old side\'s "{from}".',
  },
  remedy: { zh: '采用不低于旧侧版本的服务器。', en: 'Take one at least as new.' },
  find: ({ server }, other) =>
    other.server.major < server.major
      ? [{ object: other.database, values: { from: server.version, to: other.server.version } }]
      : [],
})
