import { afterAll, beforeAll } from '@jest/globals'

import { askServers } from './ask-servers.ts'
import { cloneDatabase, type TestDatabase } from './clone-database.ts'

/** Gives the file a fresh database before its tests and drops it after them. Use it inside tests and hooks only. */
export function useDatabase(): TestDatabase {
  return useClone(async () => {
    const { adminUrl, template } = await askServers('template')
    return { adminUrl, template }
  })
}

/** As useDatabase, but empty. */
export function useEmptyDatabase(): TestDatabase {
  return useClone(async () => {
    const { adminUrl } = await askServers('postgres')
    return { adminUrl, template: 'template1' }
  })
}

function useClone(
  source: () => Promise<{ readonly adminUrl: string; readonly template: string }>,
): TestDatabase {
  let current: Awaited<ReturnType<typeof cloneDatabase>> | undefined
  beforeAll(async () => {
    const { adminUrl, template } = await source()
    current = await cloneDatabase(adminUrl, template)
  }, 60_000)
  afterAll(async () => {
    await current?.drop()
  })
  const ready = () => {
    if (current === undefined) throw new Error('The database is there in tests and hooks, not before')
    return current
  }
  return {
    get url() {
      return ready().url
    },
    get pool() {
      return ready().pool
    },
    urlOf: (process) => ready().urlOf(process),
    as: (process) => ready().as(process),
  }
}
