import { afterAll, beforeAll } from '@jest/globals'
import { Client } from '@temporalio/client'
import { openConnection } from '../../config/temporal-connection.ts'
import { useDatabase } from './database.ts'
import { openApi, type ApiOptions, type TestApi } from './open-api.ts'

export type { ApiOptions, Call, TestApi } from './open-api.ts'

type TemporalOf = () => Promise<{ readonly client: Client; readonly close: () => Promise<void> }>

/**
 * Brings up the API on a database of the file's own; `temporal` gives the client it talks to, without it to a server that is not
 * there. Use it inside tests and hooks only.
 */
export function useApi(temporal: TemporalOf = absentTemporal, options: ApiOptions = {}): TestApi {
  const database = useDatabase()
  let current: Awaited<ReturnType<typeof openApi>> | undefined
  let closeTemporal = (): Promise<void> => Promise.resolve()
  beforeAll(async () => {
    const { client, close } = await temporal()
    closeTemporal = close
    const patience = temporal === absentTemporal ? { commandTimeoutMs: 1_000 } : {}
    current = await openApi(database, client, { ...patience, ...options })
  }, 60_000)
  afterAll(async () => {
    await current?.close()
    await closeTemporal()
  }, 60_000)
  const ready = () => {
    if (current === undefined) throw new Error('The API is there in tests and hooks, not before')
    return current
  }
  return {
    get url() {
      return ready().url
    },
    get pool() {
      return database.pool
    },
    as: (process) => database.as(process),
    get people() {
      return ready().people
    },
    send: async (name, call) => ready().send(name, call),
    call: async (name, call) => ready().call(name, call),
    refused: async (name, call) => ready().refused(name, call),
  }
}

/** A client of a server that is not there: what needs none must work. */
async function absentTemporal() {
  const connection = openConnection({ address: '127.0.0.1:1', connectTimeout: '1s' })
  return { client: new Client({ connection }), close: () => connection.close() }
}
