import type { AnyRule } from '../census/rule.ts'
import { applicationRoleSuperuser } from './application-role-superuser.ts'
import { archivesIntoOnePlace } from './archives-into-one-place.ts'
import { archivingFails } from './archiving-fails.ts'
import { backgroundWorker } from './background-worker.ts'
import { buildLacksXml } from './build-lacks-xml.ts'
import { checkOfTheMoment } from './check-of-the-moment.ts'
import { cipherMissing } from './cipher-missing.ts'
import { clocksDiffer } from './clocks-differ.ts'
import { codeReachesElsewhere } from './code-reaches-elsewhere.ts'
import { codeReachesOwnHost } from './code-reaches-own-host.ts'
import { codeOfTheHost } from './code-of-the-host.ts'
import { collationDiffers } from './collation-differs.ts'
import { commitsWait } from './commits-wait.ts'
import { compressionMissing } from './compression-missing.ts'
import { connectThroughSuperuser } from './connect-through-superuser.ts'
import { connectionsFull } from './connections-full.ts'
import { constraintNotValidated } from './constraint-not-validated.ts'
import { countedByTheServer } from './counted-by-the-server.ts'
import { databaseDiffers } from './database-differs.ts'
import { databaseEndOfLife } from './database-end-of-life.ts'
import { deferredTriggerRole } from './deferred-trigger-role.ts'
import { diskUnseen } from './disk-unseen.ts'
import { encodingDiffers } from './encoding-differs.ts'
import { clientAdmitted } from './client-admitted.ts'
import { clientUnknown } from './client-unknown.ts'
import { entryBypassed } from './entry-bypassed.ts'
import { entryFillsUp } from './entry-fills-up.ts'
import { entryPoolTooSmall } from './entry-pool-too-small.ts'
import { entryFloats } from './entry-floats.ts'
import { entryGivesUpEarly } from './entry-gives-up-early.ts'
import { entryKnowsNoPreparedStatements } from './entry-knows-no-prepared-statements.ts'
import { entryLine } from './entry-line.ts'
import { entryLosesSessionState } from './entry-loses-session-state.ts'
import { entryMissesNewSide } from './entry-misses-new-side.ts'
import { entryNotAlone } from './entry-not-alone.ts'
import { entryPointsElsewhere } from './entry-points-elsewhere.ts'
import { entryPoolsSessions } from './entry-pools-sessions.ts'
import { entryProcessUnreached } from './entry-process-unreached.ts'
import { entryReachesAnotherServer } from './entry-reaches-another-server.ts'
import { entryRefusesRole } from './entry-refuses-role.ts'
import { entryUnseen } from './entry-unseen.ts'
import { eventTriggerAlways } from './event-trigger-always.ts'
import { eventTriggerWrites } from './event-trigger-writes.ts'
import { eventTrigger } from './event-trigger.ts'
import { extensionKeepsState } from './extension-keeps-state.ts'
import { extensionMissing } from './extension-missing.ts'
import { forcedRowSecurity } from './forced-row-security.ts'
import { foreignServerLocal } from './foreign-server-local.ts'
import { foreignSlot } from './foreign-slot.ts'
import { foreignSubscription } from './foreign-subscription.ts'
import { foreignTable } from './foreign-table.ts'
import { functionMadeImmutable } from './function-made-immutable.ts'
import { functionNeedsSearchPath } from './function-needs-search-path.ts'
import { functionOfTheNewVersion } from './function-of-the-new-version.ts'
import { goneInStatements } from './gone-in-statements.ts'
import { goneInTheNewVersion } from './gone-in-the-new-version.ts'
import { hashOfNumberedType } from './hash-of-numbered-type.ts'
import { idleSlotTimeout } from './idle-slot-timeout.ts'
import { inSystemSchema } from './in-system-schema.ts'
import { incomingSubscription } from './incoming-subscription.ts'
import { indexNotValid } from './index-not-valid.ts'
import { indexTrainedOnRows } from './index-trained-on-rows.ts'
import { jobOnWaitingSide } from './job-on-waiting-side.ts'
import { jobQueueOfApplication } from './job-queue-of-application.ts'
import { jobWithoutNamesake } from './job-without-namesake.ts'
import { keyOfGeneratedColumn } from './key-of-generated-column.ts'
import { keyOnTheServer } from './key-on-the-server.ts'
import { largeObjects } from './large-objects.ts'
import { libraryUnknown } from './library-unknown.ts'
import { libraryWorksByItself } from './library-works-by-itself.ts'
import { loginNotAdmitted } from './login-not-admitted.ts'
import { materialisedViewNotComputed } from './materialised-view-not-computed.ts'
import { materialisedView } from './materialised-view.ts'
import { noRoomForCopy } from './no-room-for-copy.ts'
import { migrationRunOpen } from './migration-run-open.ts'
import { notArchivedThere } from './not-archived-there.ts'
import { notSuperuser } from './not-superuser.ts'
import { numbersOfThings } from './numbers-of-things.ts'
import { numbersRunOut } from './numbers-run-out.ts'
import { outageNotSurvived } from './outage-not-survived.ts'
import { outageSurvived } from './outage-survived.ts'
import { ofServices } from './of-services.ts'
import { otherwiseInTheNewVersion } from './otherwise-in-the-new-version.ts'
import { ownSchemaTaken } from './own-schema-taken.ts'
import { ownerCodeAsSuperuser } from './owner-code-as-superuser.ts'
import { ownerWithoutPrivileges } from './owner-without-privileges.ts'
import { passwordHashRefused } from './password-hash-refused.ts'
import { poolLargerThanServer } from './pool-larger-than-server.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { publication } from './publication.ts'
import { readByNeighbour } from './read-by-neighbour.ts'
import { replicaIdentityTakenAway } from './replica-identity-taken-away.ts'
import { replicationOriginsFull } from './replication-origins-full.ts'
import { replicationSlotsFull } from './replication-slots-full.ts'
import { replicationWorkers } from './replication-workers.ts'
import { roleGone } from './role-gone.ts'
import { roleMakesRoles } from './role-makes-roles.ts'
import { roleShared } from './role-shared.ts'
import { scheduledJob } from './scheduled-job.ts'
import { rowsPassedOver } from './rows-passed-over.ts'
import { rolePoolsSessions } from './role-pools-sessions.ts'
import { schedulerInside } from './scheduler-inside.ts'
import { sequenceWithCache } from './sequence-with-cache.ts'
import { serverIsStandby } from './server-is-standby.ts'
import { serverPromoted } from './server-promoted.ts'
import { sessionLockHeld } from './session-lock-held.ts'
import { settingCarried } from './setting-carried.ts'
import { settingDiffers } from './setting-differs.ts'
import { settingUnknown } from './setting-unknown.ts'
import { sidesDiffer } from './sides-differ.ts'
import { slotLogBounded } from './slot-log-bounded.ts'
import { standbyFollows } from './standby-follows.ts'
import { subscriberCountsAsStandby } from './subscriber-counts-as-standby.ts'
import { tableOfOtherStorage } from './table-of-other-storage.ts'
import { tableWithoutKey } from './table-without-key.ts'
import { tablespace } from './tablespace.ts'
import { targetOlder } from './target-older.ts'
import { targetUnknown } from './target-unknown.ts'
import { searchFileDiffers } from './search-file-differs.ts'
import { searchFileMissing } from './search-file-missing.ts'
import { sharedMemorySmall } from './shared-memory-small.ts'
import { timeZoneRulesDiffer } from './time-zone-rules-differ.ts'
import { timeZoneMissing } from './time-zone-missing.ts'
import { timeZoneWordDiffers } from './time-zone-word-differs.ts'
import { timetableOfApplication } from './timetable-of-application.ts'
import { tlsEndsEarly } from './tls-ends-early.ts'
import { topicUnknown } from './topic-unknown.ts'
import { topicUnreadable } from './topic-unreadable.ts'
import { transactionSkipped } from './transaction-skipped.ts'
import { triggerFiresOnApply } from './trigger-fires-on-apply.ts'
import { trigger } from './trigger.ts'
import { truncatePastUnloggedTable } from './truncate-past-unlogged-table.ts'
import { tunedOnOneSide } from './tuned-on-one-side.ts'
import { typesNumberedByTheServer } from './types-numbered-by-the-server.ts'
import { unloggedPartitionedTable } from './unlogged-partitioned-table.ts'
import { unloggedTable } from './unlogged-table.ts'
import { view } from './view.ts'
import { walLevel } from './wal-level.ts'
import { walSendersFull } from './wal-senders-full.ts'
import { wholeRowOfGeneratedColumn } from './whole-row-of-generated-column.ts'
import { wholeRowWithoutEquality } from './whole-row-without-equality.ts'
import { wordOfTheNewVersion } from './word-of-the-new-version.ts'
import { workerProcessesFull } from './worker-processes-full.ts'

/** Those that refuse first; each refusal names its objects in this order. */
const looking: readonly AnyRule[] = [
  tableWithoutKey,
  replicaIdentityTakenAway,
  wholeRowWithoutEquality,
  keyOfGeneratedColumn,
  hashOfNumberedType,
  inSystemSchema,
  tableOfOtherStorage,
  extensionKeepsState,
  keyOnTheServer,
  codeOfTheHost,
  unloggedTable,
  truncatePastUnloggedTable,
  largeObjects,
  triggerFiresOnApply,
  constraintNotValidated,
  checkOfTheMoment,
  functionNeedsSearchPath,
  functionMadeImmutable,
  forcedRowSecurity,
  ownerWithoutPrivileges,
  foreignSubscription,
  preparedTransactions,
  applicationRoleSuperuser,
  connectThroughSuperuser,
  notSuperuser,
  ...ofServices,
  ownSchemaTaken,
  serverIsStandby,
  serverPromoted,
  rowsPassedOver,
  transactionSkipped,
  commitsWait,
  archivingFails,
  numbersRunOut,
  subscriberCountsAsStandby,
  walLevel,
  replicationSlotsFull,
  walSendersFull,
  replicationWorkers,
  workerProcessesFull,
  replicationOriginsFull,
  connectionsFull,
  tlsEndsEarly,
  outageNotSurvived,
  noRoomForCopy,
  foreignSlot,
  countedByTheServer,
  migrationRunOpen,
  backgroundWorker,
  schedulerInside,
  jobWithoutNamesake,
  jobOnWaitingSide,
  libraryWorksByItself,
  foreignServerLocal,
  codeReachesOwnHost,
  eventTriggerWrites,
  eventTriggerAlways,
  entryLine,
  entryPointsElsewhere,
  entryPoolsSessions,
  rolePoolsSessions,
  entryFloats,
  entryProcessUnreached,
  entryReachesAnotherServer,
  entryMissesNewSide,
  entryRefusesRole,
  entryFillsUp,
  entryPoolTooSmall,
  entryBypassed,
  clientUnknown,
  entryNotAlone,
  loginNotAdmitted,
  passwordHashRefused,
  poolLargerThanServer,
  idleSlotTimeout,
  wholeRowOfGeneratedColumn,
  unloggedPartitionedTable,
  targetOlder,
  encodingDiffers,
  extensionMissing,
  wordOfTheNewVersion,
  goneInTheNewVersion,
  roleGone,
  roleMakesRoles,
  clocksDiffer,
  compressionMissing,
  buildLacksXml,
  cipherMissing,
  materialisedViewNotComputed,
  sidesDiffer,
  databaseDiffers,
  settingDiffers,
  settingCarried,
  settingUnknown,
  databaseEndOfLife,
  slotLogBounded,
  diskUnseen,
  outageSurvived,
  entryUnseen,
  clientAdmitted,
  entryGivesUpEarly,
  entryLosesSessionState,
  entryKnowsNoPreparedStatements,
  collationDiffers,
  functionOfTheNewVersion,
  goneInStatements,
  otherwiseInTheNewVersion,
  timeZoneMissing,
  timeZoneRulesDiffer,
  searchFileMissing,
  searchFileDiffers,
  sharedMemorySmall,
  timeZoneWordDiffers,
  deferredTriggerRole,
  standbyFollows,
  notArchivedThere,
  archivesIntoOnePlace,
  tunedOnOneSide,
  sequenceWithCache,
  numbersOfThings,
  typesNumberedByTheServer,
  indexNotValid,
  indexTrainedOnRows,
  eventTrigger,
  ownerCodeAsSuperuser,
  materialisedView,
  foreignTable,
  codeReachesElsewhere,
  publication,
  tablespace,
  incomingSubscription,
  roleShared,
  readByNeighbour,
  scheduledJob,
  timetableOfApplication,
  jobQueueOfApplication,
  sessionLockHeld,
  libraryUnknown,
  trigger,
  view,
]

/** Every rule of this family: a file for each, and its line here. */
export const rules: readonly AnyRule[] = [
  ...looking,
  topicUnreadable(looking),
  topicUnknown(looking),
  targetUnknown,
]
