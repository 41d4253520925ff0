import { databaseRule } from '../census/rule.ts'
import { isKnownLibrary } from '../jobs/libraries.ts'

export const libraryUnknown = databaseRule({
  id: 'library-unknown',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['jobs'],
  sentence: {
    zh: '服务器启动时加载库“{object}”，不知道它是否会自行写入数据库“{database}”。',
    en: 'The server loads library "{object}" as it starts; whether it writes into database "{database}" by itself is not known.',
  },
  remedy: {
    zh: '查阅其说明；如会写入，在不服务的一侧停用它。',
    en: 'Read what it does; if it writes, keep it off on the side that does not serve.',
  },
  find: ({ libraries, database }) =>
    libraries.filter((name) => !isKnownLibrary(name)).map((name) => ({ object: name, values: { database } })),
})
