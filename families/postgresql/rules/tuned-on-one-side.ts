import { pairRule } from '../census/rule.ts'

/** What somebody has set on the old server, and nobody on the new one. Values that were set on both may differ as their hosts do. */
export const tunedOnOneSide = pairRule({
  id: 'tuned-on-one-side',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['server'],
  sentence: {
    zh: '服务器“{object}”有 {count} 项性能设置仍为默认值，而旧服务器上有人调整过（{settings}）：切换后查询可能变慢。',
    en: 'Server "{object}" has {count} settings of speed at their defaults that somebody has set on the old one ({settings}): queries may be slow after a switch.',
  },
  remedy: {
    zh: '按新主机的内存与磁盘设置它们，并在测试平台做压力测试。',
    en: 'Set them as the memory and disks of the new host ask for, and run the load test on staging.',
  },
  find: (facts, { address, port, server }) => {
    const settings = Object.entries(facts.server.tuning ?? {}).flatMap(([name, { value, isDefault }]) => {
      const there = server.tuning?.[name]
      return !isDefault && there?.isDefault === true && there.value !== value ? [`${name} = ${value}`] : []
    })
    if (settings.length === 0) return []
    return [
      {
        object: `${address}:${String(port)}`,
        values: { count: settings.length, settings: settings.slice(0, 8).join(', ') },
      },
    ]
  },
})
