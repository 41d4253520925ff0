import { queryRule } from '../census/rule.ts'
import { publication as own } from '../replication/publication.ts'

export const publication = queryRule({
  id: 'publication',
  severity: 'warning',
  when: ['assessment'],
  sql: `
    SELECT quote_ident(pubname) AS object FROM pg_publication WHERE pubname <> '${own}'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_publication'::regclass AND d.objid = pg_publication.oid AND d.deptype = 'e')
     ORDER BY 1`,
  sentence: {
    zh: '数据库有发布“{object}”：其定义随结构复制，订阅它的系统却仍跟随旧侧。',
    en: 'The database has the publication "{object}": its definition comes along with the schema, but whoever subscribes to it goes on following the old side.',
  },
  remedy: {
    zh: '与订阅方商定切换后如何改接新侧。',
    en: 'Agree with its subscribers how they take the new side up after the switch.',
  },
})
