import { implementation as postgresCopy } from '../../families/postgresql/steps/copy/index.ts'
import { dieBefore } from './die-before.ts'
import { managedPort } from './managed-server.ts'
import { port } from './postgres-pair.ts'
import { runStep } from './run-step.ts'
import { stepContext } from './step-context.ts'

/** What a copying runner that is to be killed is told, as its one argument. */
export interface CopyDeath {
  readonly from: number
  readonly to: number
  readonly copy: string
  readonly beforeStatement: string
  /** The copy is made on a managed service. */
  readonly isManaged?: boolean
}

const death = JSON.parse(process.argv[2] ?? '{}') as CopyDeath
dieBefore(death.beforeStatement)
const sides = {
  source: port('source', death.from),
  copy: (death.isManaged === true ? managedPort : port)('staging', death.to, death.copy),
}
await runStep(
  postgresCopy,
  { from: 'source', to: 'copy', replace: true },
  { ...stepContext(), dataset: (name: string) => sides[name as keyof typeof sides] as never },
)
