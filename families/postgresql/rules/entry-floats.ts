import { databaseRule } from '../census/rule.ts'

export const entryFloats = databaseRule({
  id: 'entry-floats',
  severity: 'critical',
  when: ['assessment', 'preflight', 'precheck'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）的主机上运行着 {programs}，它会把地址移到另一台主机：那里的连接池不在切换之列，地址移过去之后，客户端到达的是被切走的一侧。',
    en: 'On the host of entry "{object}" at {place}, {programs} moves addresses to another host: the pooler there is none that a switch points, and once the address moves, clients are at the side that was left.',
  },
  remedy: {
    zh: '切换期间停用该主机与另一台之间的地址切换，并在切换后立即把另一台的同一入口改为相同指向',
    en: 'Stop that program on the other host while a switch lasts, and point the same entry there right after it, so that both lead to one place',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当该地址不会移动，或另一台的入口也随之切换时。',
      en: 'that is where this address does not move, or the entry of the other host is switched as well.',
    },
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, movers = [] }) =>
      movers.length === 0 ? [] : [{ object: name, values: { place, programs: movers.join(', ') } }],
    ),
})
