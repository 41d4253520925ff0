import { createInterface } from 'node:readline'
import { PostgresDatabase } from '../database.ts'
import { type Parts, closeParts, openParts } from './parts.ts'
import { GuardianDuty, guardianReady, guardianRelieved } from './guardian-duty.ts'
import { recover } from './recover.ts'

// The runner may be killed together with the terminal it runs in; its guardian outlives both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function main(): Promise<void> {
  const first = await lines.next()
  const duty = GuardianDuty.parse(JSON.parse(String(first.value)))
  const sides = {
    from: portOf(duty.from),
    to: portOf(duty.to),
    entry: { name: duty.entryName, console: duty.console },
  }
  let parts: Parts = await openParts(sides)
  process.stdout.write(`${guardianReady}\n`)
  const second = await lines.next()
  if (second.value === guardianRelieved) return closeParts(parts)
  try {
    await recover(sides, parts)
  } catch {
    // One of the kept connections may be the reason: once more over fresh ones.
    await closeParts(parts)
    parts = await openParts(sides)
    await recover(sides, parts)
  }
  await closeParts(parts)
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
  }
  return new PostgresDatabase(side.role, ref, async () => side.adminPassword)
}

await main()
process.exit(0)
