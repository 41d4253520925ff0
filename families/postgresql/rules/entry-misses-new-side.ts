import { databaseRule } from '../census/rule.ts'

export const entryMissesNewSide = databaseRule({
  id: 'entry-misses-new-side',
  severity: 'critical',
  when: ['assessment', 'preflight'],
  looksAt: ['entries'],
  sentence: {
    zh: '从入口“{object}”（{place}）的主机看，新侧的地址“{named}”通向另一台服务器。',
    en: 'From the host of entry "{object}" at {place}, the address of the new side "{named}" leads to another server.',
  },
  remedy: {
    zh: '使该主机与执行端对此地址的理解一致（getent hosts、/etc/hosts、端口转发）。',
    en: 'Let that host and the runner understand the address alike ("getent hosts", "/etc/hosts", port forwards).',
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, newSideMissed: named }) =>
      named === undefined ? [] : [{ object: name, values: { place, named } }],
    ),
})
