import { databaseRule } from '../census/rule.ts'

/** A client that connects to the server itself, from a host that the plan has no application on: no switch stops it, or leads it anywhere. */
export const clientUnknown = databaseRule({
  id: 'client-unknown',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck', 'pause'],
  looksAt: ['entries'],
  sentence: {
    zh: '“{role}”自“{from}”有 {count} 个会话（应用“{application}”）直接连接数据库“{database}”，而计划中没有应用在该主机上（{words}）：切换后它们仍指向切换离开的一侧，并被拒绝。',
    en: '{count} sessions of "{role}" come from "{from}" (application "{application}") to database "{database}" itself, and the plan has no application on that host ({words}): after a switch they still go to the side that was left, and are refused.',
  },
  remedy: {
    zh: '把该主机上的应用列入计划；若是已列主机的另一地址，把它写入入口的 clients；或在切换时段停用',
    en: 'Name its application in the plan, or the address among the "clients" of the endpoint where it is another one of a host that the plan has; or stop it before the switch',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '届时它们被断开，由其所有者改接。',
      en: 'they are cut off then, and their owner leads them to the other side.',
    },
  },
  find: ({ entries, database }) =>
    entries.flatMap(({ strangers }) =>
      strangers.map(({ role, from, application, sessions, words }) => ({
        object: `${role}@${from}`,
        values: {
          role,
          from,
          application: application === '' ? '-' : application,
          database,
          words,
          count: sessions,
        },
      })),
    ),
})
