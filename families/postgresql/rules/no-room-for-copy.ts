import { pairRule } from '../census/rule.ts'
import { megabytes } from '../figures.ts'

/** A copy is written with its log and its indexes; what is half copied goes on growing. */
const share = 1.1

export const noRoomForCopy = pairRule({
  id: 'no-room-for-copy',
  severity: 'critical',
  when: ['assessment', 'preflight', 'replicate'],
  looksAt: ['size', 'room'],
  sentence: {
    zh: '数据库“{object}”大小为 {size} MB，服务器“{server}”数据目录所在磁盘仅剩 {free} MB；副本需要 {needed} MB。',
    en: 'Database "{object}" has {size} MB, and the disk of the data of server "{server}" has {free} MB left; the copy needs {needed} MB.',
  },
  remedy: { zh: '扩大该磁盘或腾出空间', en: 'Make that disk larger, or make room on it' },
  waiver: {
    then: 'left-as-it-is',
    effect: { zh: '复制可能写满磁盘。', en: 'the copy may then fill the disk.' },
  },
  find: ({ sizeBytes, database }, { outage, sizeBytes: there, address, port }) => {
    const free = outage?.dataFreeBytes
    const needed = Math.max(0, sizeBytes * share - there)
    if (free === undefined || needed <= free) return []
    const values = {
      size: megabytes(sizeBytes),
      free: megabytes(free),
      needed: megabytes(needed),
      server: `${address}:${String(port)}`,
    }
    return [{ object: database, values }]
  },
})
