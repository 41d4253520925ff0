import { everyMoment, queryRule } from '../census/rule.ts'
import { takenPlacesSql } from '../server/own-places.ts'

/** What the owner of a schema leaves in tables of it runs as whoever writes them: CVE-2018-1058 and its kin. */
export const ownSchemaTaken = queryRule({
  id: 'own-schema-taken',
  severity: 'critical',
  when: everyMoment,
  sql: takenPlacesSql,
  sentence: {
    zh: '“{object}”归角色“{role}”所有，或不是迁云自己建立的样子，而迁云用模式“qianyun”保存自己的表、用同名发布复制全部行：放在该模式中的默认值、触发器和函数会以管理员权限执行，只含部分表的发布会使其余的行到不了另一侧。',
    en: '"{object}" belongs to role "{role}", or is not as Qianyun makes it, which keeps tables of its own in schema "qianyun" and has a publication of that name for all rows: defaults, triggers and functions put there would run with the rights of the administrator, and rows that a publication leaves out never arrive.',
  },
  remedy: {
    zh: '查看其内容；若为应用所用，请改名（alter schema qianyun rename to …，alter publication qianyun rename to …），否则删除（drop schema qianyun cascade，drop publication qianyun）',
    en: 'See what it holds. Rename what the application uses ("alter schema qianyun rename to …", "alter publication qianyun rename to …"), or drop it ("drop schema qianyun cascade", "drop publication qianyun")',
  },
})
