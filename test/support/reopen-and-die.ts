import { type AlonePart, openAlone } from '../../families/postgresql/switchover/open-alone.ts'
import { port, switchPlan } from './postgres-pair.ts'
import { alonePlan } from './open-alone.ts'

/** What a runner that is to be killed is told, as its one argument. */
export interface DeathAlone {
  readonly gone: number
  readonly to: number
  readonly entryPort: number
  readonly databasesFile: string
  readonly atPart: AlonePart
}

const death = JSON.parse(process.argv[2] ?? '{}') as DeathAlone
const entry = {
  port: death.entryPort,
  databasesFile: death.databasesFile,
  adminUser: 'bouncer',
  adminPassword: 'admin-of-the-test',
}
const [gone, to] = [port('target', death.gone), port('source', death.to)]
await openAlone(
  alonePlan(switchPlan({ entry }, gone, to), {
    onPart: (part) => {
      if (part === death.atPart) process.kill(process.pid, 'SIGKILL')
    },
  }),
)
