import { pairRule } from '../census/rule.ts'
import { filesRead, searchFileReaders } from './search-file.ts'

const id = 'search-file-missing'

/** https://github.com/zulip/zulip/issues/13105, https://github.com/CrunchyData/crunchy-containers/issues/1028 */
export const searchFileMissing = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate', 'precheck'],
  letsGoBack: true,
  looksAt: ['search files'],
  sql: searchFileReaders,
  sentence: {
    zh: '全文检索的文件“{object}”（由 {by} 使用）在{here}的主机上有，在{there}的主机上没有：那里无法建立或使用该词典。',
    en: 'The file "{object}" of text search ({by} reads it) is on the host of {here}, and not on that of {there}: the dictionary can be neither made nor used there.',
  },
  remedy: {
    zh: '把它放到{there}的主机上 PostgreSQL 的 tsearch_data 目录（pg_config --sharedir 所示目录之下），内容与{here}一致',
    en: 'Put it on the host of {there}, in the folder tsearch_data of PostgreSQL (below what pg_config --sharedir says), as it is on {here}',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: { zh: '仅当无人使用它时。', en: 'that is for one that nobody uses.' },
  },
  find: (facts, other) =>
    filesRead(facts, id).filter(
      ({ object }) => facts.searchFiles[object] !== undefined && other.searchFiles[object] === undefined,
    ),
})
