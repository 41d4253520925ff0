import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresDatabase } from '../database.ts'
import { entryOnDuty } from '../entry/on-duty.ts'
import {
  type GuardedPair,
  GuardianDuty,
  guardianReady,
  guardianRelieved,
  runIsThere,
} from './guardian-duty.ts'
import { bringToRest } from './rest.ts'

// The runner may be killed together with its terminal; the guardian outlives both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function main(): Promise<void> {
  const first = await lines.next()
  const duty = GuardianDuty.parse(JSON.parse(String(first.value)))
  process.stdout.write(`${guardianReady}\n`)
  if ((await lastWord(duty.silentForMs)) === guardianRelieved) return
  const { recoverForMs } = duty
  const pairs = duty.pairs.map(pairOf)
  // One that cannot be brought to rest must not end the guardian for the others.
  await Promise.allSettled(
    pairs.map(async (pair) =>
      bringToRest({
        ...pair,
        leads: pairs.filter((other) => other !== pair),
        by: 'guardian',
        patience: { sideMs: recoverForMs, entryMs: recoverForMs, linkMs: recoverForMs },
        signal: new AbortController().signal,
        say: () => undefined,
      }),
    ),
  )
}

function pairOf({ from, to, entry, processes }: GuardedPair) {
  return { from: portOf(from), to: portOf(to), entry: entryOnDuty(entry), processes }
}

/** The last word of the run: nothing is left to guard, or none, because the run was killed, is stopped or has closed the pipe. */
async function lastWord(silentForMs: number): Promise<string | undefined> {
  for (;;) {
    const silent = sleep(silentForMs, undefined, { ref: false })
    const line = await Promise.race([lines.next(), silent])
    if (line === undefined || line.done === true) return undefined
    if (line.value !== runIsThere) return line.value
  }
}

function portOf(side: GuardedPair['from']): PostgresDatabase {
  const ref = {
    host: 'source' as const,
    address: side.address,
    port: side.port,
    database: side.database,
    adminUser: side.adminUser,
    adminSecret: 'admin',
    appRoles: side.appRoles,
    appSecret: 'app',
    replicationAddress: side.replicationAddress,
    ...(side.weakLogin === undefined ? {} : { weakLogin: side.weakLogin }),
    ...(side.tls === undefined ? {} : { tls: side.tls }),
    ...(side.managed === undefined ? {} : { managed: side.managed }),
  }
  return new PostgresDatabase(side.called, ref, async () => side.adminPassword)
}

await main()
process.exit(0)
