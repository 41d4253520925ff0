import { databaseRule } from '../census/rule.ts'

export const entryNotAlone = databaseRule({
  id: 'entry-not-alone',
  severity: 'critical',
  letsGoBack: true,
  when: ['assessment', 'preflight', 'precheck', 'pause'],
  looksAt: ['entries'],
  sentence: {
    zh: '同一连接池的入口“{object}”也指向数据库“{database}”，切换只改动“{entry}”。',
    en: 'Entry "{object}" of the same pooler leads to database "{database}" as well; a switch points "{entry}" alone.',
  },
  remedy: {
    zh: '让其客户端改用后者并删除该入口',
    en: 'Let its clients use that one, and take the line away',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '其客户端在切换后被拒绝，由其所有者改接。',
      en: 'its clients are refused after the switch until somebody points it as well.',
    },
  },
  find: ({ entries, database }) =>
    entries.flatMap(({ name, others }) =>
      others.map((other) => ({ object: other, values: { database, entry: name } })),
    ),
})
