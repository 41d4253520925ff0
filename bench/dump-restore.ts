import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import type { Lab } from '../lab/lab.ts'

const restored = 'bench_restored'

/** What moving the same database cold takes, milliseconds: each way, with the analysis a restored database needs. */
export interface ColdMove {
  readonly pipeMs: number
  readonly directoryMs: number
}

/** Dumps the old side's database and restores it on the cloud's server, both usual ways, one after the other. */
export async function dumpAndRestore(lab: Lab, folder: string): Promise<ColdMove> {
  return {
    pipeMs: await timed(lab, async () => pipe(lab)),
    directoryMs: await timed(lab, async () => directory(lab, folder)),
  }
}

async function timed(lab: Lab, move: () => Promise<void>): Promise<number> {
  await emptyDatabase(lab)
  const began = performance.now()
  await move()
  await onCloud(lab, restored, async (client) => client.query('analyze'))
  const took = Math.round(performance.now() - began)
  await onCloud(lab, 'postgres', async (client) => client.query(`drop database ${restored} with (force)`))
  return took
}

async function pipe(lab: Lab): Promise<void> {
  const dump = tool(lab, 'pg_dump', [
    ...ofOld(lab),
    '--no-publications',
    '--no-subscriptions',
    '--exclude-schema=qianyun',
  ])
  const load = tool(lab, 'psql', [
    ...ofCloud(lab),
    '--no-psqlrc',
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    '--output=/dev/null',
  ])
  const ended = Promise.all([ending(dump), ending(load)])
  await pipeline(dump.stdout, load.stdin)
  await ended
}

async function directory(lab: Lab, folder: string): Promise<void> {
  const place = join(folder, 'bench.dump')
  await rm(place, { recursive: true, force: true })
  const dumpArgs = [
    '--format=directory',
    '--jobs=2',
    `--file=${place}`,
    '--no-publications',
    '--no-subscriptions',
  ]
  await ending(tool(lab, 'pg_dump', [...ofOld(lab), ...dumpArgs, '--exclude-schema=qianyun']))
  await ending(tool(lab, 'pg_restore', [...ofCloud(lab), '--jobs=2', place]))
  await rm(place, { recursive: true, force: true })
}

function ofOld(lab: Lab): string[] {
  const { address, port, adminUser, database } = lab.description.databases.old
  return [`--host=${address}`, `--port=${port}`, `--username=${adminUser}`, `--dbname=${database}`]
}

function ofCloud(lab: Lab): string[] {
  const { address, port, adminUser } = lab.description.databases.cloud
  return [`--host=${address}`, `--port=${port}`, `--username=${adminUser}`, `--dbname=${restored}`]
}

function tool(lab: Lab, program: 'pg_dump' | 'psql' | 'pg_restore', args: readonly string[]) {
  const { old, cloud } = lab.description.databases
  const password = lab.secret(program === 'pg_dump' ? old.adminSecret : cloud.adminSecret)
  return spawn(join(old.clientBinDir, program), [...args], {
    env: { PATH: process.env['PATH'], PGPASSWORD: password, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

async function ending(child: ReturnType<typeof tool>): Promise<void> {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-1_000)))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`"${child.spawnargs[0] ?? ''}" ended with ${String(code)}: ${said}`)
}

async function emptyDatabase(lab: Lab): Promise<void> {
  await onCloud(lab, 'postgres', async (client) => {
    await client.query(`drop database if exists ${restored} with (force)`)
    await client.query(`create database ${restored} template template0 encoding 'UTF8'`)
  })
}

async function onCloud(lab: Lab, name: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const { address, port, adminUser, adminSecret } = lab.description.databases.cloud
  const client = new pg.Client({
    host: address,
    port,
    user: adminUser,
    password: lab.secret(adminSecret),
    database: name,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
