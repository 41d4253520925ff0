import { afterAll, beforeAll } from '@jest/globals'

import { useApi, type ApiOptions, type TestApi } from './api.ts'
import { makeNamespace, startWorkers } from './orchestrator.ts'
import { PaperRoom } from './paper-room.ts'
import { useTemporal } from './temporal.ts'

/**
 * The API with workflows that really run, in a namespace of the file's own; the hosts alone are of paper. Gives the API
 * and the room, in which failures can be laid out beforehand.
 */
export function useMoves(options: ApiOptions = {}): { readonly api: TestApi; readonly room: PaperRoom } {
  const temporal = useTemporal()
  const room = new PaperRoom()
  let namespace = ''
  let stopWorkers = (): Promise<void> => Promise.resolve()
  const api = useApi(async () => {
    const client = await makeNamespace(temporal)
    namespace = client.options.namespace
    return { client, close: () => Promise.resolve() }
  }, options)
  beforeAll(async () => {
    stopWorkers = await startWorkers(temporal, namespace, api.pool, room)
  }, 60_000)
  afterAll(async () => {
    await stopWorkers()
  }, 60_000)
  return { api, room }
}
