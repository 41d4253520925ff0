import type pg from 'pg'
import { quote } from '../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { DatabasePort } from '../database.ts'
import { sqlState, withClient } from './connections.ts'
import { controlDatabase } from './control-schema.ts'

/** What an address leads to from a host: the very server, another one, nothing; or the host has no program to find out with. */
export type LeadsTo = 'same' | 'another' | 'nothing' | 'unknown'

const waitMs = 4_000
const noProgram = 72
const unreached = 71
const cancelCode = 80_877_102
const queryCanceled = '57014'

/**
 * Finds out whether an address, as a host understands it, leads to the server of `port` at that server's port: the host asks whoever answers there to cancel a
 * statement of ours. Only the server that runs the statement can do that, and it asks neither for a login nor for a line of pg_hba.conf.
 */
export async function leadsTo(
  host: HostPort,
  address: string,
  port: DatabasePort,
  database: string = controlDatabase,
): Promise<LeadsTo> {
  return withClient(
    port,
    'way-check',
    async (client) => cancelledFrom(host, { address, number: port.port }, client),
    database,
  )
}

async function cancelledFrom(
  host: HostPort,
  { address, number }: { readonly address: string; readonly number: number },
  client: pg.Client,
): Promise<LeadsTo> {
  const { processID, secretKey } = client as pg.Client & { processID: number; secretKey: number }
  const waiting = client.query('select pg_catalog.pg_sleep($1)', [waitMs / 1_000]).then(
    () => 'another' as const,
    (error: unknown) => {
      if (sqlState(error) === queryCanceled) return 'same' as const
      throw error
    },
  )
  waiting.catch(() => undefined)
  const over = new AbortController()
  const asking = host.run(cancelScript(address, number, [16, cancelCode, processID, secretKey]), {
    okExitCodes: [0, noProgram, unreached],
    timeoutMs: waitMs,
    signal: over.signal,
  })
  const failed = asking.then(
    async ({ exitCode }) =>
      exitCode === noProgram ? ('unknown' as const) : exitCode === unreached ? ('nothing' as const) : waiting,
    // Whoever answers may keep the connection open for as long as it likes.
    async () => waiting,
  )
  try {
    return await Promise.race([waiting, failed])
  } finally {
    over.abort()
  }
}

/** Sends the request again and again, because the first one may come before the statement. */
function cancelScript(address: string, number: number, words: readonly number[]): string {
  const bytes = words
    .flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff))
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('')
  return `host=${quote(address)} port=${String(number)} request=${quote(bytes)}
if command -v bash >/dev/null 2>&1; then
  send() { bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 1; printf "$2" >&3; cat <&3 >/dev/null' "$host" "$port" "$request"; }
elif command -v nc >/dev/null 2>&1; then send() { printf "$request" | nc -w 1 "$host" "$port" >/dev/null; }
elif command -v socat >/dev/null 2>&1; then send() { printf "$request" | socat -u - "TCP:$host:$port"; }
else exit ${String(noProgram)}
fi
for round in 1 2 3 4; do send 2>/dev/null || exit ${String(unreached)}; sleep 0.5; done
`
}
