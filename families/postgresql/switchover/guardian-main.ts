import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresDatabase } from '../database.ts'
import { entryOnDuty } from '../entry/on-duty.ts'
import { GuardianDuty, guardianReady, guardianRelieved, runIsThere } from './guardian-duty.ts'
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
  await bringToRest({
    from: portOf(duty.from),
    to: portOf(duty.to),
    entry: entryOnDuty(duty.entry),
    by: 'guardian',
    processes: duty.processes,
    patience: { sideMs: recoverForMs, entryMs: recoverForMs, linkMs: recoverForMs },
    signal: new AbortController().signal,
    say: () => undefined,
  })
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

function portOf(side: GuardianDuty['from']): PostgresDatabase {
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
  }
  return new PostgresDatabase(side.called, ref, async () => side.adminPassword)
}

await main()
process.exit(0)
