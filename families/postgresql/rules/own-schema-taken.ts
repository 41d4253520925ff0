import { everyMoment, queryRule } from '../census/rule.ts'
import { takenSchemaSql } from '../server/own-places.ts'

/** What the owner of a schema leaves in tables of it runs as whoever writes them: CVE-2018-1058 and its kin. */
export const ownSchemaTaken = queryRule({
  id: 'own-schema-taken',
  severity: 'critical',
  when: everyMoment,
  sql: takenSchemaSql,
  sentence: {
    zh: '“{object}”归角色“{role}”所有，而迁云要在模式“qianyun”中保存自己的表：该角色放在其中的默认值、触发器和函数会以管理员权限执行。',
    en: '"{object}" belongs to role "{role}", and schema "qianyun" is where Qianyun keeps tables of its own: defaults, triggers and functions that the role put there would run with the rights of the administrator.',
  },
  remedy: {
    zh: '查看其内容；若为应用所用，请把模式改名（alter schema qianyun rename to …），否则删除（drop schema qianyun cascade）',
    en: 'See what it holds. Rename the schema where the application uses it ("alter schema qianyun rename to …"), or drop it ("drop schema qianyun cascade")',
  },
})
