import { databaseRule } from '../census/rule.ts'

/** An entry of its own, another pooler, or a program that knows the server: none of them follows the switch. */
export const entryBypassed = databaseRule({
  id: 'entry-bypassed',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'precheck', 'pause'],
  looksAt: ['entries'],
  sentence: {
    zh: '“{role}”有 {count} 个会话绕过入口连接数据库“{database}”（{words}）：切换后它们仍指向切换离开的一侧，并被拒绝。',
    en: '{count} sessions of "{role}" reach database "{database}" past its entry ({words}): after a switch they still go to the side that was left, and are refused.',
  },
  remedy: {
    zh: '让其改走入口，或在切换时段停用',
    en: 'Lead them through the entry, or stop them before the switch',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '届时它们被断开，由其所有者改接。',
      en: 'they are cut off then, and their owner leads them to the other side.',
    },
  },
  find: ({ entries, database }) =>
    entries.flatMap(({ bypassing }) =>
      bypassing.map(({ role, from, sessions, words }) => ({
        object: `${role}@${from}`,
        values: { role, database, words, count: sessions },
      })),
    ),
})
