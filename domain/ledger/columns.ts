import { System } from './system.ts'

type Column = keyof typeof System.shape

/** What departments write over the columns of their ledgers. */
const chinese: Readonly<Record<Column, readonly string[]>> = {
  system: ['系统编号', '系统标识', '系统代码', '编号'],
  name: ['系统名称', '名称', '信息系统名称'],
  department: ['所属部门', '部门', '主管部门', '责任部门'],
  vendor: ['承建厂商', '承建单位', '厂商', '开发单位'],
  network: ['网络', '所在网络', '部署网络'],
  mlpsLevel: ['等保级别', '等保', '等级保护级别', '等保等级', '安全保护等级'],
  classified: ['涉密', '是否涉密', '是否为涉密系统'],
  acceptableDowntimeHours: ['可接受停机时长', '可停机时长', '可接受停机时间', '可停机时间'],
  description: ['说明', '备注', '描述', '系统说明'],
}

const byName = new Map(
  Object.keys(System.shape).flatMap((column) =>
    [column, ...chinese[column as Column]].map((name) => [plain(name), column] as const),
  ),
)

/** The column of the ledger that a heading means, in English or Chinese, however it is written; undefined when none. */
export function columnOf(heading: string): string | undefined {
  return byName.get(plain(heading))
}

/** Full-width forms made narrow, blanks and what cannot be seen taken out, lower case. */
function plain(heading: string): string {
  return heading
    .normalize('NFKC')
    .replaceAll(/[\s_\p{Default_Ignorable_Code_Point}]+/gu, '')
    .toLowerCase()
}
