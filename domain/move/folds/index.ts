import type { EventType } from '../event.ts'
import { cutoverFolds } from './cutover.ts'
import type { Folds } from './fold.ts'
import { ledgerFolds } from './ledger.ts'
import { preparationFolds } from './preparation.ts'
import { recognitionFolds } from './recognition.ts'
import { retentionFolds } from './retention.ts'
import { schemaChangeFolds } from './schema-change.ts'
import { standingFolds } from './standing.ts'
import { stepFolds } from './steps.ts'
import { taskFolds } from './tasks.ts'

/** What each type of event changes; `launched` begins a move. A new type of event does not compile without its fold. */
export const folds: Folds<Exclude<EventType, 'launched'>> = {
  ...standingFolds,
  ...stepFolds,
  ...taskFolds,
  ...preparationFolds,
  ...recognitionFolds,
  ...cutoverFolds,
  ...ledgerFolds,
  ...retentionFolds,
  ...schemaChangeFolds,
}
