import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** How full one process of the pooler is. */
export interface Fullness {
  /** Its `max_client_conn`. */
  readonly most: number
  readonly clients: number
  /** Clients that come in ten seconds, none of whom leaves while a switch has them wait. */
  readonly comingIn10s: number
  /** Clients of the entry that wait for a connection to the server, and for how long the first has. */
  readonly waiting: number
  readonly waitingSeconds: number
}

/** Sends a command to the console of the process. */
type Rows = <T extends pg.QueryResultRow>(command: string) => Promise<readonly T[]>

const betweenLooksMs = 1_000
/** The console tells times in whole seconds. */
const youngSeconds = 1

/**
 * Takes a second, in which those who come and go show. Where there would not be room for them it looks once more: clients that have just lost
 * their connections come in a rush that is soon over.
 */
export async function lookAtFullness(rows: Rows, entry: string): Promise<Fullness> {
  const first = await lookOnce(rows, entry)
  if (first.clients + first.comingIn10s <= first.most) return first
  const second = await lookOnce(rows, entry)
  return second.clients + second.comingIn10s < first.clients + first.comingIn10s ? second : first
}

async function lookOnce(rows: Rows, entry: string): Promise<Fullness> {
  const before = await clientsOf(rows)
  await sleep(betweenLooksMs)
  const after = await clientsOf(rows)
  const config = await rows<{ key: string; value: string | null }>('SHOW CONFIG')
  const most = config.find(({ key }) => key === 'max_client_conn')?.value
  return {
    most: Number(most ?? Number.POSITIVE_INFINITY),
    clients: after.size,
    comingIn10s: Math.ceil(10 * comingPerSecond(before, after, await transactionsPerSecond(rows))),
    ...(await waitingAt(rows, entry)),
  }
}

/**
 * Who connects for each transaction is gone before a look sees it: those among the clients who had just come, and have left, say how large a part
 * of the transactions is theirs. Clients who leave after a long time are replaced by others, whom the second look sees.
 */
function comingPerSecond(before: Clients, after: Clients, transactions: number): number {
  const came = [...after.keys()].filter((one) => !before.has(one)).length
  const passing = [...before].filter(([one, age]) => age <= youngSeconds && !after.has(one)).length
  return Math.max(came, before.size === 0 ? 0 : (transactions * passing) / before.size)
}

async function transactionsPerSecond(rows: Rows): Promise<number> {
  const stats = await rows<{ avg_xact_count: string }>('SHOW STATS')
  return stats.reduce((sum, { avg_xact_count: count }) => sum + Number(count), 0)
}

async function waitingAt(rows: Rows, entry: string): Promise<Pick<Fullness, 'waiting' | 'waitingSeconds'>> {
  const databases = await rows<{ name: string; pool_size: number }>('SHOW DATABASES')
  const poolSize = databases.find(({ name }) => name === entry)?.pool_size ?? 0
  const pools = await rows<{ database: string; cl_waiting: number; sv_active: number; maxwait: number }>(
    'SHOW POOLS',
  )
  // Clients that wait for a login of the server, and not for room in the pool, are no sign of its size.
  const full = pools.filter((one) => one.database === entry && one.sv_active >= poolSize)
  return {
    waiting: full.reduce((sum, { cl_waiting: count }) => sum + count, 0),
    waitingSeconds: Math.max(0, ...full.map(({ maxwait }) => maxwait)),
  }
}

/** The clients of all entries, each by what tells it from a later one at the same port, with how many seconds it has been there. */
type Clients = ReadonlyMap<string, number>

async function clientsOf(rows: Rows): Promise<Clients> {
  const found = await rows<{
    database: string
    addr: string
    port: number
    connect_time: string
    request_time: string
  }>('SHOW CLIENTS')
  // This very command is the latest request.
  const now = Math.max(...found.map((one) => seconds(one.request_time)))
  return new Map(
    found
      .filter(({ database }) => database !== 'pgbouncer')
      .map((one) => [`${one.addr} ${String(one.port)} ${one.connect_time}`, now - seconds(one.connect_time)]),
  )
}

/** Of a time as the pooler's host has it; its zone does not matter, as such times are only compared with each other. */
const seconds = (time: string): number => Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`) / 1000
