import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { adminUrl } from '../../standalone/postgres.ts'

interface StackRecord {
  readonly ports: { readonly api: number; readonly postgres: number }
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
}

/** What the API answered while a server of the product was struck. */
export interface Struck {
  readonly what: 'temporal killed' | 'connections used up'
  readonly answers: readonly string[]
}

const holdMs = 5_000

/**
 * Strikes the servers of a stack in the switches of its move: kills Temporal in the first, and uses up the connections of the product's own
 * PostgreSQL in the second, those that its processes have among them.
 */
export async function strikeInSwitches(home: string): Promise<readonly Struck[]> {
  const record = () => JSON.parse(readFileSync(join(home, 'standalone.json'), 'utf8')) as StackRecord
  await stepBegun(home, 'switch-over', record().ports.api)
  const killed = { what: 'temporal killed', answers: await killTemporal(home, record) } as const
  await stepBegun(home, 'switch-back', record().ports.api)
  const isServed = async () => (await ask(home, record().ports.api, systemPath)).startsWith('200')
  const freed = await useUp(adminUrl({ home, port: record().ports.postgres }), isServed)
  const answers = await answersFor(home, record().ports.api, systemPath)
  await sleep(holdMs)
  await freed()
  return [killed, { what: 'connections used up', answers }]
}

/** Until the API says so: a Temporal that is back within the time of its answer is not missed. */
async function killTemporal(home: string, record: () => StackRecord): Promise<readonly string[]> {
  const answers: string[] = []
  for (let kills = 0; kills < 5 && !answers.some((answer) => answer.startsWith('503')); kills += 1) {
    const temporal = record().processes.find(({ name }) => name === 'temporal')
    if (temporal === undefined) throw new Error('no Temporal runs')
    try {
      process.kill(temporal.pid, 'SIGKILL')
    } catch {
      // It is on its way up after the last one.
    }
    answers.push(...(await answersFor(home, record().ports.api, '/healthz')))
  }
  return answers
}

const systemPath = '/migrations/permit-desk'

async function ask(home: string, port: number, path: string): Promise<string> {
  const token = readFileSync(join(home, 'accounts', 'coordinator-chen.token'), 'utf8').trim()
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers })
  return `${String(answer.status)} ${await answer.text()}`
}

async function stepBegun(home: string, step: string, port: number): Promise<void> {
  for (;;) {
    const text = await ask(home, port, systemPath).catch(() => '')
    if (text.startsWith('200') && (JSON.parse(text.slice(4)) as { step?: { id: string } }).step?.id === step)
      return
    await sleep(200)
  }
}

async function answersFor(home: string, port: number, path: string): Promise<readonly string[]> {
  const answers: string[] = []
  for (let tries = 0; tries < 3; tries += 1) answers.push(await ask(home, port, path))
  return answers
}

/** Takes every connection of a server, those of superusers too, until nobody is served any more; gives what lets go of them. */
async function useUp(url: string, isServed: () => Promise<boolean>): Promise<() => Promise<void>> {
  const taken: pg.Client[] = []
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    return client.connect().then(
      () => taken.push(client) > 0,
      () => false,
    )
  }
  while (await take());
  // Whoever lost a connection may be the first to get it again.
  for (let rounds = 0; rounds === 0 || (rounds < 20 && (await isServed())); rounds += 1) {
    await taken[0]?.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where usename ~ $1 and pid <> pg_backend_pid()',
      ['^qianyun'],
    )
    while (await take());
  }
  return async () => {
    await Promise.all(taken.map(async (client) => client.end()))
  }
}
