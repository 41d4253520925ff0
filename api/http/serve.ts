import { join } from 'node:path'
import { Client } from '@temporalio/client'
import pino from 'pino'
import type { Config } from '../../config/config.ts'
import { ownPlacesOf } from '../../config/own-places.ts'
import { openConnection, temporalConnectionOptions } from '../../config/temporal-connection.ts'
import { assertSchema } from '../../storage/apply-schema.ts'
import { EventFeed } from '../../storage/event-feed.ts'
import { createPool } from '../../storage/pool.ts'
import { createServer } from './server.ts'

const repository = join(import.meta.dirname, '../..')

/**
 * Brings the API up on the servers the configuration names and listens. The database must answer; Temporal may come
 * later, and until then what needs it is answered with 503. Closing ends everything it opened.
 */
export async function serve(config: Config): Promise<AsyncDisposable & { readonly url: string }> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne()
  }
  try {
    const pool = createPool(config.databaseUrl, { max: 20 })
    closers.push(() => pool.end())
    await assertSchema(pool)
    const feed = new EventFeed(config.databaseUrl)
    closers.push(() => feed.close())
    await feed.open()
    const connection = openConnection(temporalConnectionOptions(config.temporal))
    closers.push(() => connection.close())
    const app = await createServer(
      {
        pool,
        feed,
        temporal: new Client({ connection, namespace: config.temporal.namespace }),
        playbooksFolder: join(repository, 'playbooks'),
        consoleFolder: join(repository, 'console'),
        isLab: config.isLab,
        ownPlaces: ownPlacesOf(config),
        lookEveryMs: 15_000,
        thinning: { everyMs: 3_600_000, olderThanMs: config.measurementDays * 86_400_000 },
        ...(config.temporalUiUrl === undefined ? {} : { temporalUiUrl: config.temporalUiUrl }),
      },
      { logger: pino({ level: 'warn' }, pino.destination(2)) },
    )
    closers.push(() => app.close())
    await app.listen({ host: config.apiHost, port: config.ports.api })
    return { url: config.apiUrl, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
