import type { System } from '../../domain/ledger/system.ts'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import type { DatabaseSide, LabDescription } from '../description.ts'
import type { Lab } from '../lab.ts'
import type { WritersOptions } from '../writers/writers.ts'

/** A system of the lab that a demonstration moves, rolls back, moves again and closes. */
export interface LabSystem {
  /** What `--system` takes. */
  readonly name: string
  /** Its line in the ledger. */
  readonly ledger: System
  readonly plan: (lab: LabDescription) => PlanInputV2
  /** What makes the old host run it, where the lab does not begin so. */
  readonly install?: (lab: Lab) => Promise<void>
  readonly writers: WritersOptions['kind']
  /** Where its writes are looked up once the move has closed; default: whichever side serves at the pooler. */
  readonly servesAtTheEnd?: DatabaseSide
  /** Whether it has a scheduled job, which has to be due on one side alone. */
  readonly hasJobs: boolean
}
