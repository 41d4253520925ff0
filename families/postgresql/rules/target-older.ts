import { pairRule } from '../census/rule.ts'

export const targetOlder = pairRule({
  id: 'target-older',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  looksAt: ['server'],
  sentence: {
    zh: '{there}的服务器为 PostgreSQL “{to}”，低于{here}的“{from}”。',
    en: 'The server of {there} is PostgreSQL "{to}", older than "{from}" of {here}.',
  },
  remedy: { zh: '采用不低于{here}版本的服务器。', en: 'Take one at least as new.' },
  find: ({ server }, other) =>
    other.server.major < server.major
      ? [{ object: other.database, values: { from: server.version, to: other.server.version } }]
      : [],
})
