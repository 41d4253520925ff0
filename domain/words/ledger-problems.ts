import { words } from './message.ts'

/** What is wrong with a list of systems or the evidence that was sent, after the name of the place. */
export const ledgerProblems = words({
  'cell-mlpsLevel': {
    en: 'is {found}; write the level of 等保 (MLPS) as 0 to 5 (0: not graded), or "unknown" while nobody knows it',
    zh: '为 {found}；等保级别请写 0 至 5（0 为未定级），尚不清楚时写“unknown”',
  },
  'cell-classified': {
    en: 'is {found}; write true (是) or false (否) for classified (涉密), or "unknown" while nobody knows it',
    zh: '为 {found}；是否涉密请写 true（是）或 false（否），尚不清楚时写“unknown”',
  },
  'cell-acceptableDowntimeHours': {
    en: 'is {found}; write the acceptable downtime (可接受停机时长) in hours, as 4 or 0.5 (or 30分钟), or leave the cell blank while nobody knows it',
    zh: '为 {found}；可接受停机时长请以小时填写，如 4 或 0.5（也可写 30分钟），尚不清楚时留空',
  },
  'system-twice': {
    en: 'is "{system}" a second time, after row {row}',
    zh: '为“{system}”，与第 {row} 行重复',
  },
  'csv-workbook-xlsx': {
    en: 'is a workbook (.xlsx) or another archive; save the sheet as CSV in UTF-8',
    zh: '是工作簿（.xlsx）或其他压缩文件；请将工作表另存为 UTF-8 的 CSV',
  },
  'csv-workbook-xls': {
    en: 'is a workbook (.xls); save the sheet as CSV in UTF-8',
    zh: '是工作簿（.xls）；请将工作表另存为 UTF-8 的 CSV',
  },
  'csv-pdf': { en: 'is a PDF; give the list as CSV in UTF-8', zh: '是 PDF；请提供 UTF-8 的 CSV' },
  'csv-encoding': {
    en: 'is text neither in UTF-8 nor in UTF-16 nor in GB18030 (GBK); save it as CSV in UTF-8',
    zh: '不是 UTF-8、UTF-16 或 GB18030（GBK）的文本；请另存为 UTF-8 的 CSV',
  },
  'csv-nul': {
    en: 'holds NUL bytes, so it is no text; save it as CSV in UTF-8',
    zh: '含有 NUL 字节，不是文本；请另存为 UTF-8 的 CSV',
  },
  'csv-web-page': {
    en: 'is a web page or XML, as some systems export for spreadsheets; save it as CSV in UTF-8',
    zh: '是网页或 XML（某些系统为电子表格导出的格式）；请另存为 UTF-8 的 CSV',
  },
  'csv-not-utf8': { en: 'is not UTF-8; save it as CSV in UTF-8', zh: '不是 UTF-8；请另存为 UTF-8 的 CSV' },
  'csv-no-rows': {
    en: 'has no rows; give a header line and at least one row',
    zh: '没有数据行；请提供表头和至少一行数据',
  },
  'csv-too-many-rows': {
    en: 'has {found} rows; at most {most} are taken at once',
    zh: '有 {found} 行；一次最多 {most} 行',
  },
  'csv-quote-open': { en: 'opens a quote that is closed nowhere', zh: '的引号没有结束' },
  'csv-quote-misplaced': { en: 'has a quote in the wrong place', zh: '的引号位置不对' },
  'csv-foreign-separator': {
    en: 'separates its names by "{separator}"; write "," (or ";" or a tab) between them',
    zh: '以“{separator}”分隔列名；请用“,”（或“;”、制表符）分隔',
  },
  'csv-columns-missing': {
    en: 'has the columns "{found}"; {missing} missing. Its first line names the columns, with commas between them, in English or Chinese: {columns}',
    zh: '的列为“{found}”；缺少“{missing}”。第一行应以逗号分隔的中文或英文列名：“{columns}”',
  },
  'csv-column-unnamed': { en: 'has no name in the first line', zh: '在第一行没有名称' },
  'csv-column-twice': {
    en: 'is the name of column {first} and of column {second}[? ("{heading}" and "{other}")]',
    zh: '同时是第 {first} 列和第 {second} 列的名称[?（“{heading}”和“{other}”）]',
  },
  'csv-cells': {
    en: 'has {found} instead of the {named} cells the first line names',
    zh: '有 {found} 格；第一行列出了 {named} 列',
  },
  'csv-more-problems': { en: 'has {count} more problems of this sort', zh: '另有 {count} 个同类问题' },
  'evidence-not-stored': {
    en: 'is not a stored file; send the file first',
    zh: '不是已保存的文件；请先上传文件',
  },
  'evidence-of-other-size': {
    en: 'is "{given}", the stored file has "{stored}"',
    zh: '为“{given}”，而已保存的文件为“{stored}”',
  },
  'evidence-of-other-name': {
    en: 'is "{given}", and the file was stored as "{stored}"; name it so, or send the file again under the new name',
    zh: '为“{given}”，而文件保存时名为“{stored}”；请使用该名称，或以新名称重新上传文件',
  },
  'evidence-empty': { en: 'is empty; send the bytes of a file', zh: '为空；请发送文件内容' },
})
