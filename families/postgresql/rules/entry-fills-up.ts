import { databaseRule } from '../census/rule.ts'

/** In a switch clients wait and none leaves: those that come meanwhile need places of their own. */
export const entryFillsUp = databaseRule({
  id: 'entry-fills-up',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck'],
  looksAt: ['entries'],
  sentence: {
    zh: '入口“{object}”（{place}）的一个进程有 {clients} 个客户端，切换让它们等待 10 秒时还会来约 {coming} 个，而 max_client_conn 为 {most}：其余客户端会被拒绝。',
    en: 'A process of entry "{object}" at {place} has {clients} clients, and about {coming} more come in 10 seconds in which a switch has all of them wait; max_client_conn is {most}, so the others would be refused.',
  },
  remedy: {
    zh: '调大 max_client_conn（及进程的文件描述符上限）并重新加载连接池，或在较空闲时切换',
    en: 'Raise "max_client_conn" (and the process\'s limit of open files) and reload the pooler, or switch at a quieter time',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '其余客户端在等待期间得到连接错误。',
      en: 'clients beyond it get an error while the others wait.',
    },
  },
  find: ({ entries }) =>
    entries.flatMap(({ name, place, fullness }) =>
      fullness
        .filter(({ clients, comingIn10s, most }) => clients + comingIn10s > most)
        .slice(0, 1)
        .map(({ clients, comingIn10s: coming, most }) => ({
          object: name,
          values: { place, clients, coming, most },
        })),
    ),
})
