import { databaseRule, everyMoment } from '../census/rule.ts'
import { isComparable, isIdentityTakenAway, lacksIdentity } from '../census/replica-identity.ts'

/** The side that follows looks for a row by comparing all its columns: the first update or delete stops it for good. */
export const wholeRowWithoutEquality = databaseRule({
  id: 'whole-row-without-equality',
  severity: 'critical',
  when: everyMoment,
  looksAt: ['tables'],
  sentence: {
    zh: '表“{object}”没有可用的键，而整行也不能充当：列（{columns}）的类型无法判断相等，首次更新或删除就会使复制永久中断。',
    en: 'Table "{object}" has no key to go by, and its whole rows cannot serve as one: columns ({columns}) are of types without equality, so the first update or delete stops replication for good.',
  },
  remedy: {
    zh: '为其增加主键（例如 alter table {object} add column row_id bigint generated always as identity primary key），或将 json 改为 jsonb',
    en: 'Give it a primary key (for example "alter table {object} add column row_id bigint generated always as identity primary key"), or change json to jsonb',
  },
  waiver: {
    then: 'only-added-to',
    effect: {
      zh: '仅当应用对该表只插入时：届时服务器拒绝对它的更新和删除（REPLICA IDENTITY NOTHING）。',
      en: 'that is for a table the application only adds to: the servers then refuse updates and deletes on it (REPLICA IDENTITY NOTHING).',
    },
  },
  find: ({ tables }) =>
    tables
      .filter(({ partitioned }) => !partitioned)
      .filter((table) => lacksIdentity(table) || (table.replicaIdentity === 'full' && !table.unlogged))
      .filter((table) => !isIdentityTakenAway(table) && !isComparable(table))
      .map(({ name, incomparableColumns }) => ({
        object: name,
        values: { columns: incomparableColumns.join(', ') },
      })),
})
