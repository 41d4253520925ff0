/** What a cell of the ledger says when nobody has found out yet. It is a value, not the lack of one. */
export const unknown = 'unknown'
type Unknown = typeof unknown

/** 等保 levels, 0 for a system that is not graded. */
type MlpsLevel = 0 | 1 | 2 | 3 | 4 | 5

/** What a cell says; `undefined` when its text is not recognised: such a cell is refused, never guessed. */
type Read<T> = T | Unknown | undefined

const unknownWords = words(
  'unknown tbd tba tbc n/a na null none? ? ?? ??? / // - -- --- — —— ― _ . … 待定 待核 待核实 待确认 待确定 待查 待补 待填',
  '未定 未知 未明 未填 未核 未核实 未确定 未定级待核 不详 不明 不清楚 不知道 不确定 情况不明 定级中 评定中',
)
const yes = words('true yes y t 1 是 有 涉密 属于 对 √ ✓ ✔ 秘密 机密 绝密 秘密级 机密级 绝密级')
const no = words('false no n f 0 否 无 不 非涉密 非密 不涉密 未涉密 不涉及 不属于 没有 错 × ✗ ✘')
const notGraded = words('无 否 没有 未定级 不定级 未分级 无等级 notgraded')

const numerals: Readonly<Record<string, MlpsLevel>> = {
  零: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  i: 1,
  ii: 2,
  iii: 3,
  iv: 4,
  v: 5,
}

/** Whether a cell is blank, or says in any of the usual words that nobody knows. */
export function isUnknownCell(cell: unknown): boolean {
  if (cell === undefined || cell === null) return true
  if (typeof cell !== 'string') return false
  const said = plain(cell)
  return said === '' || unknownWords.has(said)
}

/** Whether a system is classified (涉密), as departments write it: 是, 否, Y, n, 有, 非涉密, true. */
export function readClassified(cell: unknown): Read<boolean> {
  if (typeof cell === 'boolean') return cell
  if (isUnknownCell(cell)) return unknown
  const said = typeof cell === 'number' ? String(cell) : typeof cell === 'string' ? plain(cell) : ''
  if (yes.has(said)) return true
  return no.has(said) ? false : undefined
}

/** The 等保 level of a system, as departments write it: 3, ３, 三级, 第三级, Ⅲ级, 等保2.0三级, 三级(未备案), 未定级. */
export function readMlpsLevel(cell: unknown): Read<MlpsLevel> {
  if (isUnknownCell(cell)) return unknown
  const said = typeof cell === 'number' ? String(cell) : typeof cell === 'string' ? plain(cell) : ''
  if (notGraded.has(said)) return 0
  const [, level = ''] =
    /^(?:(?:等级保护|等保|mlps)(?:2\.0)?)?(?:第|level)?([0-5]|[零一二三四五壹贰叁肆伍]|i{1,3}|iv|v)级?(?:\((?:已|未)(?:备案|测评)\))?$/.exec(
      said,
    ) ?? []
  return numerals[level] ?? (level === '' ? undefined : (Number(level) as MlpsLevel))
}

/** Hours without the system that its department accepts: `4`, `0.5`, `4小时`, `30分钟`, `2 h`, `30 min`, `1天`. */
export function readDowntimeHours(cell: unknown): number | Unknown | undefined {
  if (isUnknownCell(cell)) return unknown
  if (typeof cell !== 'number' && typeof cell !== 'string') return undefined
  const [, figure = '', unit = 'h'] =
    /^(\d{1,6}(?:\.\d{1,15})?)(h|hours?|小时|min|minutes?|分钟|d|days?|天|日)?$/.exec(plain(String(cell))) ??
    []
  if (figure === '') return undefined
  const hours = Number(figure) * (/^(min|分)/.test(unit) ? 1 / 60 : /^(d|天|日)/.test(unit) ? 24 : 1)
  return hours <= longestDowntimeHours ? hours : undefined
}

const longestDowntimeHours = 8_760

/** One way to write each character: full-width forms made narrow, blanks taken out, lower case. */
function plain(cell: string): string {
  return cell
    .normalize('NFKC')
    .replaceAll(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '')
    .toLowerCase()
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')).map(plain))
}
