import { largeObjects } from './large-objects.ts'
import * as pair from './pair.ts'
import * as relations from './relations.ts'
import type { AnyRule } from './rule.ts'
import * as server from './server.ts'
import * as tables from './tables.ts'
import * as triggers from './triggers.ts'
import { unseenRules } from './unseen.ts'
import * as writers from './writers.ts'

const looking: readonly AnyRule[] = [
  tables.tableWithoutKey,
  tables.keyOfGeneratedColumn,
  tables.unloggedTable,
  largeObjects,
  triggers.triggerFiresOnApply,
  writers.foreignSubscription,
  writers.preparedTransactions,
  writers.superuserOfApplication,
  writers.connectThroughSuperuser,
  server.notSuperuser,
  server.walLevel,
  server.replicationSlotsFull,
  server.walSendersFull,
  server.replicationWorkers,
  server.idleSlotTimeout,
  tables.wholeRowOfGeneratedColumn,
  tables.unloggedPartitionedTable,
  pair.targetOlder,
  pair.encodingDiffers,
  pair.extensionMissing,
  server.endOfLife,
  pair.collationDiffers,
  relations.sequenceWithCache,
  triggers.eventTrigger,
  relations.materialisedView,
  relations.foreignTable,
  writers.disabledSubscription,
  triggers.trigger,
  relations.view,
]

/** Every rule of this family. */
export const rules: readonly AnyRule[] = [...looking, ...unseenRules(looking)]
