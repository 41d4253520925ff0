import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { quote } from '../../../runner/ssh/quote.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'
import type { DatabasePort } from '../database.ts'
import { sqlState, withClient } from './connections.ts'
import { controlDatabase } from './control-schema.ts'

/** What an address leads to from a host: the very server, another one, nothing; or it could not be found out. */
export type LeadsTo = 'same' | 'another' | 'nothing' | 'unknown'

const waitMs = 30_000
const arrivesWithinMs = 2_000
const unreached = 71
const queryCanceled = '57014'
const cancelCode = 80_877_102

/**
 * Finds out whether an address, as a host understands it, leads to the server of `port` at that server's port: the host asks whoever answers there to cancel a
 * statement of ours. Only the server that runs the statement can do that, and it asks neither for a login nor for a line of pg_hba.conf.
 * `another` is said only of a server that took the requests while the statement ran and could be cancelled: slowness is no proof.
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
    async (client) => {
      const cancelled = statementCancelled(client)
      cancelled.catch(() => undefined)
      const over = new AbortController()
      try {
        const asked = askToCancel(host, { address, number: port.port }, client, over.signal)
        const answer = await Promise.race([cancelled, asked])
        if (answer !== 'not-cancelled') return answer
        return (await cancelOurselves(port, client, cancelled, database)) ? 'another' : 'unknown'
      } finally {
        over.abort()
      }
    },
    database,
  )
}

async function statementCancelled(client: pg.Client): Promise<'same' | 'unknown'> {
  try {
    await client.query('select pg_catalog.pg_sleep($1)', [waitMs / 1_000])
    return 'unknown'
  } catch (error) {
    if (sqlState(error) === queryCanceled) return 'same'
    throw error
  }
}

/** A host that cannot be asked, has no program for it, or gets no answer in time leaves it unknown. */
async function askToCancel(
  host: HostPort,
  { address, number }: { readonly address: string; readonly number: number },
  client: pg.Client,
  signal: AbortSignal,
): Promise<'not-cancelled' | 'nothing' | 'unknown'> {
  const { processID, secretKey } = client as pg.Client & { processID: number; secretKey: number }
  try {
    const { exitCode } = await host.run(
      cancelScript(address, number, [16, cancelCode, processID, secretKey]),
      { okExitCodes: [0, unreached], timeoutMs: waitMs, signal },
    )
    if (exitCode === unreached) return 'nothing'
  } catch {
    return 'unknown'
  }
  await sleep(arrivesWithinMs, undefined, { ref: false })
  return 'not-cancelled'
}

/** Whether the statement runs and ends when its own server is asked to cancel it. */
async function cancelOurselves(
  port: DatabasePort,
  client: pg.Client,
  cancelled: Promise<'same' | 'unknown'>,
  database: string,
): Promise<boolean> {
  const { processID } = client as pg.Client & { processID: number }
  return withClient(
    port,
    'way-check',
    async (other) => {
      await other.query('select pg_catalog.pg_cancel_backend($1)', [processID])
      return (await Promise.race([cancelled, sleep(arrivesWithinMs)])) === 'same'
    },
    database,
  )
}

/**
 * Sends the request again and again, because the first one may come before the statement. PostgreSQL closes the connection once it has done
 * what is asked; whoever keeps it open is not known to be a PostgreSQL server at all.
 */
function cancelScript(address: string, number: number, words: readonly number[]): string {
  const bytes = words
    .flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff))
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('')
  return `host=${quote(address)} port=${String(number)} request=${quote(bytes)}
if command -v bash >/dev/null 2>&1; then
  send() { bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit ${String(unreached)}; printf "$2" >&3; read -r -n 1 -t 3 -u 3; [ $? -le 128 ]' "$host" "$port" "$request"; }
elif command -v nc >/dev/null 2>&1; then send() { printf "$request" | nc -w 1 "$host" "$port" >/dev/null || return ${String(unreached)}; }
elif command -v socat >/dev/null 2>&1; then send() { printf "$request" | socat -u - "TCP:$host:$port" || return ${String(unreached)}; }
else exit 1
fi
for round in 1 2 3 4 5 6; do send 2>/dev/null || exit $?; sleep 0.5; done
`
}
