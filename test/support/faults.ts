import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresDatabase } from '../../families/postgresql/database.ts'
import { readEntry } from '../../families/postgresql/pgbouncer/databases-file.ts'
import { readMarker, writeMarker } from '../../families/postgresql/replication/marker.ts'
import type { GapPart, SwitchPlan, SwitchResult } from '../../families/postgresql/switchover/plan.ts'
import { switchOver } from '../../families/postgresql/switchover/switch-over.ts'
import { type Pair, switchPlan, withServer } from './postgres-pair.ts'
import type { Death } from './switch-and-die.ts'

/** Whom a fault strikes: a side's server, by its part in the switch; the pooler; or the process that carries the switch out. */
export const victims = ['from', 'to', 'pooler', 'runner'] as const
/** Killed: SIGKILL, and started again. Frozen: SIGSTOP, and woken again. */
export const harms = ['kill', 'freeze'] as const

export interface Fault {
  readonly who: (typeof victims)[number]
  readonly how: (typeof harms)[number]
  /** It strikes as this part of the critical section begins. */
  readonly at: GapPart
  /** From the blow until the victim is started again, or woken. */
  readonly healAfterMs: number
}

export interface Sides {
  readonly from: PostgresDatabase
  readonly to: PostgresDatabase
}

/** What became of a switch that was struck. */
export interface Struck {
  readonly result?: SwitchResult
  readonly code?: string
  /** From the blow until the switch answered. Absent of a runner that was struck itself. */
  readonly answeredAfterMs?: number
}

const bounds = { deadlineMs: 2_000, pauseTimeoutMs: 500, recoverForMs: 30_000, guarded: true } as const

/** Carries a switch out and strikes in it; resolves when the victim is back and the run has ended. */
export async function switchUnder(
  pair: Pair,
  sides: Sides,
  fault: Fault,
  changed: Partial<SwitchPlan> = {},
): Promise<Struck> {
  if (fault.who === 'runner') return strikeRunner(pair, sides, fault)
  const victim = victimOf(pair, sides, fault.who)
  let healed: Promise<void> | undefined
  let struckAt = 0
  const plan = switchPlan(pair, sides.from, sides.to, {
    ...bounds,
    ...changed,
    onPart: (part) => {
      if (part !== fault.at || healed !== undefined) return
      struckAt = performance.now()
      victim[fault.how]()
      healed = sleep(fault.healAfterMs).then(async () => {
        if (fault.how === 'kill') await victim.restart()
        else victim.thaw()
      })
    },
  })
  const ended = await switchOver(plan).then(
    (result): Struck => ({ result }),
    (error: unknown): Struck => ({ code: codeOf(error) }),
  )
  const answeredAfterMs = Math.round(performance.now() - struckAt)
  await healed
  return { ...ended, ...(healed === undefined ? {} : { answeredAfterMs }) }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

interface Victim {
  kill(): void
  freeze(): void
  thaw(): void
  restart(): Promise<void>
}

function victimOf(pair: Pair, sides: Sides, who: 'from' | 'to' | 'pooler'): Victim {
  if (who === 'pooler') return pair.entry
  const server = sides[who].port === pair.old.port ? pair.old : pair.new
  return {
    kill: () => {
      server.kill()
    },
    freeze: () => {
      server.freeze()
    },
    thaw: () => {
      server.thaw()
    },
    restart: async () => server.restart({}),
  }
}

async function strikeRunner(
  pair: Pair,
  { from, to }: Sides,
  { how, at, healAfterMs }: Fault,
): Promise<Struck> {
  const death: Death = {
    from: from.port,
    to: to.port,
    entryPort: pair.entry.port,
    databasesFile: pair.entry.databasesFile,
    guarded: true,
    atPart: at,
    frozen: how === 'freeze',
    deadlineMs: bounds.deadlineMs,
  }
  const args = ['--import', 'tsx', join(import.meta.dirname, 'switch-and-die.ts'), JSON.stringify(death)]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const exited = once(child, 'exit')
  if (how === 'freeze') {
    while (!isStopped(child.pid)) await sleep(20)
    await sleep(healAfterMs)
    child.kill('SIGCONT')
  }
  await exited
  return {}
}

function isStopped(pid: number | undefined): boolean {
  try {
    return (
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.startsWith('T') === true
    )
  } catch {
    // It ended before it came to that part.
    return true
  }
}

/** The side a pair is found at rest with. */
export interface AtRest {
  readonly serving: PostgresDatabase
  readonly waiting: PostgresDatabase
  readonly afterMs: number
}

/**
 * Waits until exactly one side is open, the entry leads there and lets statements through, and a marker written there arrives on
 * the other side.
 * @throws with what is missing, after `withinMs`
 */
export async function atRest(pair: Pair, withinMs: number): Promise<AtRest> {
  const began = performance.now()
  let missing = ''
  while (performance.now() - began < withinMs) {
    const found = await look(pair).catch((error: unknown) => String(error))
    if (typeof found !== 'string') return { ...found, afterMs: Math.round(performance.now() - began) }
    missing = found
    await sleep(50)
  }
  throw new Error(`not at rest after ${String(withinMs)} ms: ${missing}`)
}

async function look(pair: Pair): Promise<Omit<AtRest, 'afterMs'> | string> {
  const [old, neu] = await Promise.all([pair.source, pair.target].map(isOpen))
  if (old === neu) return old === true ? 'both sides are open' : 'no side is open'
  const [serving, waiting] = old === true ? [pair.source, pair.target] : [pair.target, pair.source]
  const { database } = serving
  const inFile = readEntry(readFileSync(pair.entry.databasesFile, 'utf8'), database)
  if (inFile?.port !== serving.port) return 'the file of the entry leads to the other side'
  const admin = await pair.entry.admin()
  try {
    const { rows } = await admin.query<{ name: string; port: number; paused: number | string }>(
      'SHOW DATABASES',
    )
    const row = rows.find(({ name }) => name === database)
    if (row?.port !== serving.port) return 'the entry leads to the other side'
    if (Number(row.paused) === 1) return 'the entry is paused'
  } finally {
    await admin.end()
  }
  return (await crosses(serving, waiting))
    ? { serving, waiting }
    : 'replication into the other side is not alive'
}

async function isOpen({ port, database }: PostgresDatabase): Promise<boolean> {
  const { rows } = await withServer(port, 'qianyun_control', async (client) =>
    client.query<{ state: string }>('select state from cutover_state where database = $1', [database]),
  )
  return rows[0]?.state === 'open'
}

async function crosses(from: PostgresDatabase, to: PostgresDatabase): Promise<boolean> {
  const token = String(Math.random())
  await withServer(from.port, from.database, async (client) => writeMarker(client, 'fault', token))
  return withServer(to.port, to.database, async (client) => {
    for (let left = 30; left > 0; left--) {
      if ((await readMarker(client, 'fault')) === token) return true
      await sleep(30)
    }
    return false
  })
}
