import { pairRule } from '../census/rule.ts'
import { filesRead, isRead, searchFileReaders } from './search-file.ts'

const id = 'search-file-differs'

/** The catalogs of both sides name the same file, and words are taken apart otherwise: stored search vectors, indexes and results differ. */
export const searchFileDiffers = pairRule({
  id,
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['search files'],
  sql: searchFileReaders,
  sentence: {
    zh: '全文检索的文件“{object}”（由 {by} 使用）在两台服务器的主机上内容不同：切换后同样的词会被不同地切分，检索结果、由它生成的列和索引与此前不一致。',
    en: 'The file "{object}" of text search ({by} reads it) is not the same on the hosts of both servers: after a switch the same words are taken apart otherwise, and results, generated columns and indexes differ from before.',
  },
  remedy: {
    zh: '若旧服务器上的文件是自行维护的，请复制到新服务器的主机；若差异来自 PostgreSQL 版本，请在测试平台核对检索结果，并重建由它生成的列。',
    en: 'Where somebody keeps the file of the old server, copy it to the host of the new one. Where the versions of PostgreSQL bring different ones, compare results on staging, and compute columns anew that were made by it.',
  },
  find: (facts, other) =>
    filesRead(facts, id).filter(({ object }) => {
      const [here, there] = [facts.searchFiles[object], other.searchFiles[object]]
      return isRead(here) && isRead(there) && here !== there
    }),
})
