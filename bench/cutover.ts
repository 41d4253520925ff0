import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeGapOf } from '../domain/measurement/write-gap.ts'
import type { Lab } from '../lab/lab.ts'
import { Writers } from '../lab/writers/writers.ts'
import { dumpAndRestore } from './dump-restore.ts'
import { Room } from './room.ts'

export interface CutoverBench {
  readonly switches: number
  readonly sizeGb: number
  readonly writers: number
  readonly json: boolean
}

/** pgbench's scale of one gigabyte. */
const scalePerGb = 70
/** How long writers write undisturbed between two switches. */
const calmMs = 1_000

/**
 * Switches a database of a given size forth and back under writers, each switch a workflow of the engine, and moves the
 * same database by dump and restore in the same run. Gaps and losses are the writers' own measurements.
 */
export async function benchCutover(bench: CutoverBench): Promise<void> {
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
    report(bench, measured, Math.min(cold.pipeMs, cold.directoryMs))
  } finally {
    await room.close()
  }
}

interface Measured {
  readonly gapsMs: readonly number[]
  readonly anatomies: readonly Readonly<Record<string, number>>[]
  readonly ackedWrites: number
  readonly lostWrites: number
  readonly ambiguousWrites: number
}

async function underWriters(bench: CutoverBench, room: Room, say: (line: string) => void): Promise<Measured> {
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
  bench: CutoverBench,
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

function report(bench: CutoverBench, measured: Measured, dumpRestoreMs: number): void {
  const writeGapMs = {
    p50: quantile(measured.gapsMs, 0.5),
    p90: quantile(measured.gapsMs, 0.9),
    max: quantile(measured.gapsMs, 1),
  }
  const parts = [...new Set(measured.anatomies.flatMap((one) => Object.keys(one)))]
  const anatomyMs = Object.fromEntries(
    parts.map((part) => [
      part,
      quantile(
        measured.anatomies.map((one) => one[part] ?? 0),
        0.5,
      ),
    ]),
  )
  const { ackedWrites, lostWrites, ambiguousWrites } = measured
  const ratio = Math.round(dumpRestoreMs / writeGapMs.p50)
  const result = {
    bench: 'cutover',
    switches: bench.switches,
    writeGapMs,
    ackedWrites,
    lostWrites,
    ambiguousWrites,
    dumpRestoreMs,
    ratio,
    anatomyMs,
  }
  if (bench.json) {
    console.log(JSON.stringify(result))
    return
  }
  console.log(`
${bench.switches} switches forth and back under ${bench.writers} writers
  writers waited        median ${writeGapMs.p50} ms, p90 ${writeGapMs.p90} ms, longest ${writeGapMs.max} ms
  dump and restore      ${dumpRestoreMs} ms: ${ratio} times the median
  acknowledged writes   ${ackedWrites}, lost ${lostWrites}, ambiguous ${ambiguousWrites}
  anatomy, medians      ${parts.map((part) => `${part} ${String(anatomyMs[part])}`).join(', ')} ms`)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return Math.round((sorted[at] ?? 0) * 10) / 10
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
