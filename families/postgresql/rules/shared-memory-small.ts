import { pairRule } from '../census/rule.ts'

const enoughBytes = 1024 ** 3
const mebibyte = 1024 ** 2

/**
 * Processes that answer one query together meet in /dev/shm, of which a container gets 64 MB: what went on the old server ends there with "could
 * not resize shared memory segment". https://github.com/docker-library/postgres/issues/416
 */
export const sharedMemorySmall = pairRule({
  id: 'shared-memory-small',
  severity: 'warning',
  when: ['assessment'],
  looksAt: ['shared memory'],
  sentence: {
    zh: '服务器“{object}”的共享内存（/dev/shm）只有 {size} MB{before}：并行查询与并行建索引会因“could not resize shared memory segment”而失败。',
    en: 'Server "{object}" has {size} MB of shared memory (/dev/shm){before}: queries and builds of indexes that run in parallel fail there with "could not resize shared memory segment".',
  },
  remedy: {
    zh: '为其容器设置更大的共享内存（--shm-size，Compose 的 shm_size），例如 1 GB。',
    en: 'Give its container more of it (--shm-size, shm_size of Compose), 1 GB for example.',
  },
  find: ({ sharedMemoryBytes: here }, { address, port, sharedMemoryBytes: there }) => {
    if (there === undefined || there >= enoughBytes || (here !== undefined && here <= there)) return []
    return [
      {
        object: `${address}:${String(port)}`,
        values: {
          size: Math.floor(there / mebibyte),
          before: here === undefined ? '' : ` (${String(Math.floor(here / mebibyte))} MB)`,
        },
      },
    ]
  },
})
