/**
 * What clients of the API (the CLI, the pages, other programs) share with it: every route with its schemas, and the
 * few pure rules of the domain a client needs to show a move or to sign.
 */
export { routes, type RouteName, type Routes } from './contract/routes.ts'
export {
  pathOf,
  type AnswerOf,
  type BodyInput,
  type BodyOf,
  type ParamsOf,
  type QueryInput,
  type QueryOf,
  type Route,
} from './contract/route.ts'
export { Problem } from './contract/problem.ts'
export type { AuditLine, AuditPage } from './contract/audit.ts'
export { Findings } from './contract/assessment.ts'
export type { CommandAnswer } from './contract/commands.ts'
export type { Downtime, MigrationSummary, MigrationView } from './contract/migration.ts'
export type { RetentionView } from './contract/retention.ts'
export type { SidesView } from './contract/sides.ts'
export type { PlanSummary, PlanView } from './contract/plan.ts'
export type { PlaybookRunView } from './contract/playbook.ts'
export type { SignoffView } from './contract/signoff.ts'
export type { ImportAnswer, ImportRow, SystemView } from './contract/system.ts'
export type { TaskView } from './contract/task.ts'

export { excerptOf, sqlStatements } from '../domain/sql-statements.ts'
export { type SecretPurpose, secretPurposes, useAddress } from '../domain/secret-use.ts'
export { canonicalJson } from '../domain/canonical-json.ts'
export { findingSaid, placesOf, remedySaid } from '../domain/assessment/finding.ts'
export { releaseTextOf } from '../domain/move/rules/release.ts'
export { signoffText, taskText } from '../domain/move/signoff.ts'
export type { WaitingFor } from '../domain/move/rules/waiting-for.ts'
export { readReason, type RecordedReason } from '../domain/move/recorded-reason.ts'
export type { WayBackStanding } from '../domain/move/rules/way-back-standing.ts'
export { isOver, phases } from '../domain/move/phase.ts'
export type { Role } from '../domain/organisation.ts'
export type { MigrationEvent } from '../domain/move/event.ts'
export type { Migration } from '../domain/move/migration.ts'
export { applicationsOf, datasetsOf, hostLabel, hostsOf, sideRoles, sitesOf } from '../domain/plan/places.ts'
export { methodNames } from '../domain/plan/method.ts'
export type { PlanInput } from '../domain/plan/plan.ts'
export { dumpName, type KeptDump } from '../domain/move/giving-up.ts'
export type { Evidence, Task } from '../domain/move/task.ts'
