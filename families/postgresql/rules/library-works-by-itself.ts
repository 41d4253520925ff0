import { databaseRule, everyMoment } from '../census/rule.ts'

export const libraryWorksByItself = databaseRule({
  id: 'library-works-by-itself',
  severity: 'critical',
  letsGoBack: true,
  when: everyMoment,
  looksAt: ['jobs'],
  sentence: {
    zh: '库“{object}”会自行在数据库“{database}”中工作（{setting} = {value}）：它在一侧建删分区或改写表，另一侧不会跟随。',
    en: 'Library "{object}" works on database "{database}" by itself ({setting} = {value}): it makes and drops partitions or rewrites tables on one side, and the other does not follow.',
  },
  remedy: {
    zh: '从该服务器的 {setting} 中去掉此数据库并重新加载；保留期内用 retention ddl 建分区',
    en: 'Take the database out of "{setting}" of that server and reload it; make partitions ahead, or by "retention ddl" during retention',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: { zh: '仅当迁移期间它无事可做时。', en: 'that is where it has nothing to do during the move.' },
  },
  find: ({ workedOnBy, database }) =>
    workedOnBy.map(({ library, setting, value }) => ({
      object: library,
      values: { database, setting, value },
    })),
})
