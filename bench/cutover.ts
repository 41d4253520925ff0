import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeGapOf } from '../domain/measurement/write-gap.ts'
import type { Lab } from '../lab/lab.ts'
import { Writers } from '../lab/writers/writers.ts'
import { dumpAndRestore } from './dump-restore.ts'
import { Room } from './room.ts'
import { type Measured, reportSwitches, type SwitchesBench } from './switches-report.ts'

/** pgbench's scale of one gigabyte. */
const scalePerGb = 70
/** How long writers write undisturbed between two switches. */
const calmMs = 1_000

/**
 * Switches a database of a given size forth and back under writers, each switch a workflow of the engine, and moves the
 * same database by dump and restore in the same run. Gaps and losses are the writers' own measurements.
 */
export async function benchCutover(bench: SwitchesBench): Promise<void> {
  const say = (line: string) => {
    if (bench.json) console.error(line)
    else console.log(line)
  }
  say('bringing up a stack and a lab of the benchmark’s own')
  const room = await Room.open(say)
  try {
    say(`filling the old database: ${bench.sizeGb} GB`)
    await fill(room.lab, Math.ceil(bench.sizeGb * scalePerGb))
    say('dump and restore, both ways')
    const cold = await dumpAndRestore(room.lab, room.home)
    say(`pg_dump | psql ${cold.pipeMs} ms, -Fd -j2 ${cold.directoryMs} ms`)
    const measured = await underWriters(bench, room, say)
    reportSwitches('cutover', bench, measured, Math.min(cold.pipeMs, cold.directoryMs))
  } finally {
    await room.close()
  }
}

async function underWriters(
  bench: SwitchesBench,
  room: Room,
  say: (line: string) => void,
): Promise<Measured> {
  // Started first: they make their tables, and a table made later would be missing on the other side.
  const writers = await Writers.start({ home: room.home, kind: 'postgres', clients: bench.writers })
  try {
    await writers.pause()
    say('replicating')
    await room.run('postgresql-replicate', { from: 'source', to: 'target' })
    await writers.resume()
    await sleep(calmMs)
    await writers.mark('begin')
    const switched = await switchForthAndBack(bench, room, writers, say)
    await writers.pause()
    say('looking every acknowledged write up on both sides')
    const { ackedWrites, lostWrites, ambiguousWrites } = await writers.verify({
      from: 'begin',
      sides: ['old', 'cloud'],
      settleMs: 60_000,
    })
    return { ...switched, ackedWrites, lostWrites, ambiguousWrites }
  } finally {
    await writers.stop()
  }
}

async function switchForthAndBack(
  bench: SwitchesBench,
  room: Room,
  writers: Writers,
  say: (line: string) => void,
): Promise<Pick<Measured, 'gapsMs' | 'anatomies'>> {
  const gapsMs: number[] = []
  const anatomies: Record<string, number>[] = []
  for (let number = 1; number <= bench.switches; number++) {
    const forth = number % 2 === 1
    const sides = forth
      ? ({ from: 'source', to: 'target' } as const)
      : ({ from: 'target', to: 'source' } as const)
    await writers.mark(`before ${number}`)
    const [result] = await room.run('postgresql-switch', sides)
    await sleep(calmMs)
    await writers.mark(`after ${number}`)
    const { writeGapMs } = await writers.tally({ from: `before ${number}`, to: `after ${number}` })
    gapsMs.push(writeGapMs)
    anatomies.push((result?.['anatomyMs'] ?? {}) as Record<string, number>)
    const { gapMs } = writeGapOf(result ?? {})
    const way = forth ? '15 → 18' : '18 → 15'
    say(
      `switch ${number} ${way}: writers waited ${Math.round(writeGapMs)} ms, procedure ${gapMs === undefined ? 'not measured' : `${gapMs} ms`}`,
    )
  }
  return { gapsMs, anatomies }
}

/** pgbench's tables, as the application's own. */
async function fill(lab: Lab, scale: number): Promise<void> {
  const { address, port, database, appUser, appSecret, clientBinDir } = lab.description.databases.old
  const args = ['--initialize', '--quiet', `--scale=${scale}`, `--host=${address}`, `--port=${port}`]
  const child = spawn(join(clientBinDir, 'pgbench'), [...args, `--username=${appUser}`, database], {
    env: { PATH: process.env['PATH'], PGPASSWORD: lab.secret(appSecret), LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-1_000)))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`"pgbench" ended with ${String(code)}: ${said}`)
}
