import { ownerCodeAsSuperuserSql } from '../census/owner-code.ts'
import { queryRule } from '../census/rule.ts'

/**
 * Since 16 changes are applied as the table's owner: where that is a superuser, what others have put into checks, columns, indexes and
 * triggers runs as one. So do keys of partitions and casts of references while a dump is restored.
 * https://www.postgresql.org/docs/16/release-16.html (logical replication: run_as_owner)
 */
export const ownerCodeAsSuperuser = queryRule({
  id: 'owner-code-as-superuser',
  severity: 'critical',
  when: ['assessment', 'replicate'],
  letsGoBack: true,
  sql: ownerCodeAsSuperuserSql,
  sentence: {
    zh: '角色“{role}”的函数“{object}”用于 {by}，会以超级用户的权限执行：表归超级用户所有，或它用于分区键或外键的类型转换。',
    en: 'Function "{object}" of role "{role}" is used by {by}, where it runs with a superuser\'s rights: the table belongs to a superuser, or the function is in a key of partitions or casts what a foreign key compares.',
  },
  remedy: {
    zh: '把表交给普通角色（alter table … owner to {role}），或审阅函数后把它交给超级用户（alter function {object} owner to postgres）',
    en: 'Give the table to a role that is no superuser ("alter table … owner to {role}"), or read the function and give it to a superuser ("alter function {object} owner to postgres")',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当凡能修改该函数的人都可以信任其掌管整台服务器时。',
      en: 'that is for a function that nobody can change who is not trusted with the whole server.',
    },
  },
})
