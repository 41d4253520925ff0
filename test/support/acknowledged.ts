import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerWriters } from '../../families/postgresql/rehearsal/ledger-writers.ts'
import { database, withServer } from './postgres-pair.ts'

/** Whether writers are answered again within ten seconds. */
export async function goOn(writers: LedgerWriters): Promise<boolean> {
  const before = writers.acked
  for (let left = 200; left > 0 && writers.acked === before; left--) await sleep(50)
  return writers.acked > before
}

/** How many acknowledged writes of writers that were stopped a server still lacks when it has had time to receive the last ones. */
export async function lostOn(port: number, stopped: LedgerWriters, name = database): Promise<number> {
  return withServer(port, name, async (client) => {
    for (let left = 400; left > 0; left--) {
      const lost = await stopped.lostOn(client)
      if (lost === 0) return 0
      await sleep(50)
    }
    return stopped.lostOn(client)
  })
}
