import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { EventFeed, type Announcement } from '../../storage/event-feed.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { useDatabase } from '../support/database.ts'
import { shortHistory } from './history.ts'

const database = useDatabase()
let feed: EventFeed

beforeAll(async () => {
  feed = new EventFeed(database.url)
  await feed.open()
})

afterAll(async () => {
  await feed.close()
})

const next = () =>
  new Promise<Announcement | undefined>((resolve) => {
    const stop = feed.listen((announcement) => {
      stop()
      resolve(announcement)
    })
  })

describe('the event feed', () => {
  it('announces a move’s newest sequence once it is recorded', async () => {
    const heard = next()
    await new MigrationStore(database.pool).append(shortHistory())
    expect(await heard).toEqual({ migration: 'permit-desk-1', sequence: 3, position: 3 })
  })

  it('tells listeners to look for themselves after its connection was lost', async () => {
    const heard = next()
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'qianyun event feed' and datname = current_database()",
    )
    expect(await heard).toBeUndefined()
    const afterwards = next()
    await new MigrationStore(database.pool).append(shortHistory('permit-desk-2'))
    expect(await afterwards).toMatchObject({ migration: 'permit-desk-2' })
  })
})
