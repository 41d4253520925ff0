import { switchOver } from '../../runner/switchover/switch-over.ts'
import type { GapPart } from '../../runner/switchover/plan.ts'
import { port, switchPlan } from './postgres-pair.ts'

/** What a runner that is to be killed is told, as its one argument. */
export interface Death {
  readonly from: number
  readonly to: number
  readonly entryPort: number
  readonly databasesFile: string
  /** Killed as this part of the critical section begins. */
  readonly atPart: GapPart
  readonly guarded: boolean
}

const death = JSON.parse(process.argv[2] ?? '{}') as Death
const from = port('source', death.from)
const to = port('target', death.to)
const entry = {
  port: death.entryPort,
  databasesFile: death.databasesFile,
  adminUser: 'bouncer',
  adminPassword: 'admin-of-the-test',
}
await switchOver(
  switchPlan({ entry }, from, to, {
    guarded: death.guarded,
    onPart: (part) => {
      if (part === death.atPart) process.kill(process.pid, 'SIGKILL')
    },
  }),
)
