import { afterAll, beforeAll } from '@jest/globals'
import type { Client } from '@temporalio/client'

import { useApi, type ApiOptions, type TestApi } from './api.ts'
import { makeNamespace, startWorkers } from './orchestrator.ts'
import { PaperRoom } from './paper-room.ts'
import { useTemporal } from './temporal.ts'

/**
 * The API with workflows that really run, in a namespace of the file's own; the hosts alone are of paper. Gives the API
 * and the room, in which failures can be laid out beforehand.
 */
export function useMoves(options: ApiOptions = {}): {
  readonly api: TestApi
  readonly room: PaperRoom
  /** Of the namespace, as an administrator has it. */
  readonly client: () => Client
} {
  const temporal = useTemporal()
  const room = new PaperRoom()
  let current: Client | undefined
  const client = () => {
    if (current === undefined) throw new Error('The client is there in tests and hooks, not before')
    return current
  }
  let stopWorkers = (): Promise<void> => Promise.resolve()
  const api = useApi(async () => {
    current = await makeNamespace(temporal)
    return { client: current, close: () => Promise.resolve() }
  }, options)
  beforeAll(async () => {
    stopWorkers = await startWorkers(temporal, client().options.namespace, api, room)
  }, 60_000)
  afterAll(async () => {
    await stopWorkers()
  }, 60_000)
  return { api, room, client }
}
