import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseHome } from '../config/home.mjs'
import { writeGapOf } from '../domain/measurement/write-gap.ts'
import type { DatabaseSide, Lab } from '../lab/lab.ts'
import { mariadbSecretOf } from '../lab/loopback/describe.ts'
import { mariadbAdmin, mariadbPort } from '../lab/loopback/mariadb-server.ts'
import { ensureMariadbClients, type MariadbClients } from '../lab/loopback/mariadb.ts'
import { connectedTo, database, letters } from '../lab/systems/letters.ts'
import { nowMs } from '../lab/writers/journal.ts'
import { MysqlWriters } from './mysql-writers.ts'
import { Room } from './room.ts'
import { type Measured, reportSwitches, type SwitchesBench } from './switches-report.ts'

/** How long writers write undisturbed between two switches. */
const calmMs = 1_000
const rowsPerGb = 1_000_000
const rowsAtOnce = 50_000
const restored = 'bench_restored'

/**
 * Switches a MariaDB of a given size forth and back under writers that connect to it themselves, each switch a workflow of the engine, and
 * moves the same database by dump and restore in the same run. Gaps and losses are the writers' own measurements.
 */
export async function benchMysql(bench: SwitchesBench): Promise<void> {
  const say = (line: string) => {
    if (bench.json) console.error(line)
    else console.log(line)
  }
  say('bringing up a stack and a lab of the benchmark’s own')
  const room = await Room.open(say, letters)
  try {
    say(`filling the old database: ${bench.sizeGb} GB`)
    await fill(room.lab, Math.ceil(bench.sizeGb * rowsPerGb))
    const coldMs = await dumpAndRestore(room.lab)
    say(`mariadb-dump | mariadb ${coldMs} ms`)
    const measured = await underWriters(bench, room, say)
    reportSwitches('mysql', bench, measured, coldMs)
  } finally {
    await room.close()
  }
}

async function underWriters(
  bench: SwitchesBench,
  room: Room,
  say: (line: string) => void,
): Promise<Measured> {
  const writers = await MysqlWriters.open(room.lab)
  const gapsMs: number[] = []
  const anatomies: Record<string, number>[] = []
  try {
    say('replicating')
    await room.run('mysql-replicate', { from: 'source', to: 'target' })
    writers.begin(bench.writers)
    await sleep(calmMs)
    for (let number = 1; number <= bench.switches; number++) {
      const [from, to] = number % 2 === 1 ? (['source', 'target'] as const) : (['target', 'source'] as const)
      const beganAtMs = nowMs()
      const [result = {}] = await room.runText(`bench-switch-to-${to}`, playbookOf(from, to))
      await sleep(calmMs)
      const gapMs = writers.longestGapMs(beganAtMs)
      gapsMs.push(gapMs)
      anatomies.push((result['anatomyMs'] ?? {}) as Record<string, number>)
      const procedure = writeGapOf(result).gapMs
      say(
        `switch ${number} to ${to}: writers waited ${Math.round(gapMs)} ms, procedure ${procedure ?? 'not measured'} ms`,
      )
    }
  } finally {
    await writers.stop()
  }
  say('looking every acknowledged write up on both sides')
  return { gapsMs, anatomies, ...(await writers.verify()) }
}

function playbookOf(from: string, to: string): string {
  return `playbook: bench-switch-to-${to}
title: { zh: bench, en: Switch }
steps:
  - id: switch
    kind: mysql-switchover
    timeout: 10m
    with: { from: ${from}, to: ${to}, deadlineMs: 20000 }
`
}

/** Rows of a kilobyte. */
async function fill(lab: Lab, rows: number): Promise<void> {
  const connection = await connectedTo(lab, 'old')
  await connection.query(
    `CREATE TABLE ${database}.bench_row (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, filler VARCHAR(1000) CHARACTER SET ascii NOT NULL) ENGINE = InnoDB`,
  )
  for (let made = 0; made < rows; made += rowsAtOnce)
    await connection.query(
      `INSERT INTO ${database}.bench_row (filler) SELECT REPEAT(MD5(seq), 31) FROM ${database}.seq_1_to_${String(Math.min(rowsAtOnce, rows - made))}`,
    )
  await connection.end()
}

/** Dumps the database of the old side into the server of staging, which is no part of the pair. */
async function dumpAndRestore(lab: Lab): Promise<number> {
  const clients = await ensureMariadbClients(chooseHome().path)
  const connection = await connectedTo(lab, 'staging')
  await connection.query(`CREATE DATABASE ${restored}`)
  const began = performance.now()
  const all = ['--single-transaction', '--quick', '--routines', '--events', '--triggers', database]
  const dump = tool(lab, clients, 'mariadb-dump', 'old', all)
  const load = tool(lab, clients, 'mariadb', 'staging', [restored])
  const ended = Promise.all([ending(dump), ending(load)])
  await pipeline(dump.stdout, load.stdin)
  await ended
  const took = Math.round(performance.now() - began)
  await connection.query(`DROP DATABASE ${restored}`)
  await connection.end()
  return took
}

function tool(
  lab: Lab,
  { binDir, libraries }: MariadbClients,
  program: 'mariadb' | 'mariadb-dump',
  side: DatabaseSide,
  args: readonly string[],
) {
  const { hosts } = lab.description
  const at = [`--host=${hosts[side].address}`, `--port=${String(mariadbPort(lab.description))}`]
  return spawn(join(binDir, program), ['--no-defaults', ...at, `--user=${mariadbAdmin}`, ...args], {
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      MYSQL_PWD: lab.secret(mariadbSecretOf(side)),
      ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

async function ending(child: ReturnType<typeof tool>): Promise<void> {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-1_000)))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`"${child.spawnargs[0] ?? ''}" ended with ${String(code)}: ${said}`)
}
