import type { GapPart } from '../../families/postgresql/switchover/plan.ts'
import { switchTogether } from '../../families/postgresql/switchover/switch-over.ts'
import { port, switchPlan } from './postgres-pair.ts'

/** What a runner that is to be killed is told, as its one argument. */
export interface DeathTogether {
  readonly from: number
  readonly to: number
  readonly entryPort: number
  readonly databasesFile: string
  /** In the order of the switch: the first one decides. */
  readonly databases: readonly [string, ...string[]]
  /** Killed as this part of the critical section of that database begins. */
  readonly at: { readonly database: string; readonly part: GapPart }
  readonly guarded: boolean
}

const death = JSON.parse(process.argv[2] ?? '{}') as DeathTogether
const entry = {
  port: death.entryPort,
  databasesFile: death.databasesFile,
  adminUser: 'bouncer',
  adminPassword: 'admin-of-the-test',
}

const planOf = (database: string) =>
  switchPlan({ entry }, port('source', death.from, database), port('target', death.to, database), {
    guarded: death.guarded,
    onPart: (part) => {
      if (part === death.at.part && database === death.at.database) process.kill(process.pid, 'SIGKILL')
    },
  })

const [first, ...others] = death.databases
await switchTogether([planOf(first), ...others.map(planOf)])
