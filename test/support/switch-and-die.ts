import { setTimeout as sleep } from 'node:timers/promises'
import { switchOver } from '../../families/postgresql/switchover/switch-over.ts'
import type { GapPart } from '../../families/postgresql/switchover/plan.ts'
import { dieBefore } from './die-before.ts'
import { portOfManagedPair } from './managed-server.ts'
import { directEntry, port, switchPlan } from './postgres-pair.ts'

/** What a runner that is to be killed is told, as its one argument. */
export interface Death {
  readonly from: number
  readonly to: number
  /** The side that is left; the names of both are by the servers' ports alone where it is absent. */
  readonly leaves?: 'source' | 'target'
  /** Where the pooler is, and its file; absent where clients connect to the servers themselves. */
  readonly entryPort?: number
  readonly databasesFile?: string
  /** Killed as this part of the critical section begins. */
  readonly atPart?: GapPart
  /** Killed before it sends the first statement after the part "switch" that has this text in it. */
  readonly beforeStatement?: string
  /** Killed this long after `atPart` began, instead of at once. */
  readonly afterMs?: number
  readonly guarded: boolean
  /** Stopped (SIGSTOP) instead of killed: it may wake again. */
  readonly frozen?: boolean
  readonly deadlineMs?: number
  readonly waivers?: Readonly<Record<string, string>>
  readonly verifyTables?: readonly string[]
  /** The new side is a managed service. */
  readonly isManaged?: boolean
}

const death = JSON.parse(process.argv[2] ?? '{}') as Death
const opened = death.isManaged === true ? portOfManagedPair : port
const from = opened(death.leaves ?? 'source', death.from)
const to = opened(death.leaves === 'target' ? 'source' : 'target', death.to)
const entry = {
  port: death.entryPort ?? 0,
  databasesFile: death.databasesFile ?? '',
  adminUser: 'bouncer',
  adminPassword: 'admin-of-the-test',
}
const die = () => process.kill(process.pid, death.frozen === true ? 'SIGSTOP' : 'SIGKILL')
let switched = false

const { beforeStatement } = death
if (beforeStatement !== undefined) dieBefore(beforeStatement, () => switched)

await switchOver(
  switchPlan({ entry }, from, to, {
    guarded: death.guarded,
    ...(death.entryPort === undefined ? { entry: directEntry() } : {}),
    waivers: death.waivers ?? {},
    verifyTables: death.verifyTables ?? [],
    ...(death.deadlineMs === undefined ? {} : { deadlineMs: death.deadlineMs, pauseTimeoutMs: 500 }),
    // A transaction that is open is met by the pause, not before it.
    maxTransactionAgeMs: 60_000,
    onPart: (part) => {
      if (part === 'switch') switched = true
      if (part !== death.atPart) return
      if (death.afterMs === undefined) die()
      else void sleep(death.afterMs).then(die)
    },
  }),
)
