import { z } from 'zod'
import { PlanInput } from '../../domain/plan/plan.ts'
import { Identifier } from '../../domain/identifier.ts'
import { AuditPage, AuditQuery, AuditVerification } from './audit.ts'
import { ChangeNotice, EventList, EventsQuery, EventStreamQuery } from './event.ts'
import { Digest, MoveParams, NoBody, Nothing, Role, SystemParams, TaskParams } from './identifiers.ts'
import * as commands from './commands.ts'
import * as migration from './migration.ts'
import { RetentionView } from './retention.ts'
import { SidesView } from './sides.ts'
import { PlanList, PlanSchema, PlanView } from './plan.ts'
import { playbookRoutes } from './playbook-routes.ts'
import type { Route } from './route.ts'
import { secretRoutes } from './secret-routes.ts'
import { auditReaders, command, empty, open, planning, read, taskCommand } from './route-shapes.ts'
import * as signoff from './signoff.ts'
import { ImportAnswer, ImportBody, ImportQuery, SystemList, SystemView } from './system.ts'
import * as task from './task.ts'
import { ZoneWithoutRunner } from './zone.ts'

/** Every route of the API. The server registers exactly these; a client calls them through their schemas. */
export const routes = {
  health: open(
    '/healthz',
    'Whether the API and what it stands on answer.',
    z.object({ status: z.literal('ok'), withoutRunner: z.array(ZoneWithoutRunner) }),
  ),
  description: open('/openapi.json', 'This description, OpenAPI 3.1.', z.record(z.string(), z.unknown())),
  me: read('/me', 'The account the token belongs to.', {
    params: Nothing,
    query: Nothing,
    response: z.object({
      account: z.string(),
      name: z.string(),
      role: Role,
      organisation: z.string(),
      /** What a coordinator acts for. */
      scope: z
        .object({
          programme: z.string(),
          departments: z.union([z.literal('*'), z.array(z.string())]),
        })
        .exactOptional(),
      keyId: z.string().exactOptional(),
      temporalUiUrl: z.string().exactOptional(),
    }),
  }),

  importSystems: {
    ...empty,
    method: 'POST',
    path: '/systems',
    summary: 'Takes systems into the ledger, all of them or, with partial, the good ones.',
    roles: ['coordinator'],
    query: ImportQuery,
    body: ImportBody,
    response: ImportAnswer,
    takes: ['application/json', 'text/csv'],
    secrets: 'masked',
  },
  listSystems: read('/systems', 'The ledger.', { params: Nothing, query: Nothing, response: SystemList }),
  showSystem: read('/systems/:system', 'One system.', {
    params: SystemParams,
    query: Nothing,
    response: SystemView,
  }),

  createPlan: {
    ...empty,
    method: 'POST',
    path: '/plans',
    summary: 'Freezes a plan with its playbooks by digest.',
    roles: ['coordinator'],
    status: 201,
    body: PlanInput,
    response: PlanView,
  },
  listPlans: read('/plans', 'The plans.', { params: Nothing, query: Nothing, response: PlanList }),
  planSchema: read('/plan-schema', 'The JSON Schema of a plan.', {
    params: Nothing,
    query: Nothing,
    response: PlanSchema,
  }),
  showPlan: read('/plans/:plan', 'One plan.', {
    params: z.strictObject({ plan: Identifier }),
    query: Nothing,
    response: PlanView,
  }),

  launchMigration: {
    ...empty,
    method: 'POST',
    path: '/migrations',
    summary: 'Launches the move of the plan’s system.',
    roles: ['coordinator'],
    status: 202,
    body: commands.LaunchBody,
    response: commands.LaunchAnswer,
  },
  listMigrations: read('/migrations', 'The moves.', {
    params: Nothing,
    query: Nothing,
    response: migration.MigrationList,
  }),
  showMigration: read('/migrations/:system', 'One move, what it waits for and its downtime.', {
    params: MoveParams,
    query: Nothing,
    response: migration.MigrationView,
  }),
  pause: command('pause', 'pause', 'Stops before the next step.', commands.ReasonBody),
  resume: command('resume', 'resume', 'Goes on after a pause or a hold.', commands.ResumeBody),
  hold: command('hold', 'hold', 'Puts the move on hold.', commands.ReasonBody),
  abort: command('abort', 'abort', 'Ends the move before its cutover.', commands.ReasonBody),
  retryStep: command('retry-step', 'retry', 'Tries the blocked step again.', commands.RetryBody),
  skipStep: command('skip-step', 'skip', 'Leaves the blocked step out.', commands.SkipBody),

  acknowledgeEnd: {
    ...empty,
    method: 'POST',
    path: '/migrations/:system/end/acknowledge',
    summary: 'Takes note that the move’s workflow ended outside Qianyun, and which side serves.',
    roles: planning,
    params: MoveParams,
    body: commands.AcknowledgeEndBody,
    response: commands.AcknowledgeEndAnswer,
  },

  recoverMove: {
    ...empty,
    method: 'POST',
    path: '/migrations/:system/recover',
    summary: 'Has a new workflow carry a move on from its record, whose own ended outside Qianyun.',
    roles: ['operations'],
    params: MoveParams,
    body: commands.RecoverBody,
    response: commands.CommandAnswer,
  },

  listTasks: read(
    '/tasks',
    'The tasks that wait for the caller, or with all every task the caller may see.',
    {
      params: Nothing,
      query: z.strictObject({ all: z.enum(['true', 'false', '']).default('false') }),
      response: task.TaskList,
    },
  ),
  showTask: read('/tasks/:migration/:task', 'One task, with the text to sign where one is wanted.', {
    params: TaskParams,
    query: Nothing,
    response: task.TaskView,
  }),
  takeTask: taskCommand('take-task', 'take', 'Takes a task on, or over with a reason.', task.TakeTaskBody),
  completeTask: taskCommand('complete-task', 'complete', 'Reports a task as done.', task.CompleteTaskBody),
  signTask: taskCommand('sign-task', 'sign', 'Signs a completed task off.', task.SignTaskBody),
  acceptTask: taskCommand('accept-task', 'accept', 'Accepts a finished task.', NoBody),
  rejectTask: taskCommand('reject-task', 'reject', 'Sends a task back with a reason.', task.RejectTaskBody),
  storeEvidence: {
    ...empty,
    method: 'POST',
    path: '/evidence',
    summary: 'Stores a file of evidence; its name by ?name= or the X-Evidence-Name header (percent-encoded).',
    roles: ['coordinator', 'owner', 'provider', 'vendor', 'operations'],
    status: 201,
    query: task.EvidenceQuery,
    body: z.unknown(),
    response: task.Evidence,
    takes: ['application/octet-stream'],
  },
  showEvidence: {
    ...read('/evidence/:digest', 'The file, as an attachment.', {
      params: z.strictObject({ digest: Digest }),
      query: Nothing,
      response: z.unknown(),
    }),
    gives: 'application/octet-stream',
  },

  showReport: read(
    '/migrations/:system/report',
    'The trial-run report, byte by byte as digested; ETag is its digest.',
    {
      params: MoveParams,
      query: z.strictObject({ digest: Digest.exactOptional() }),
      response: z.record(z.string(), z.unknown()),
    },
  ),
  showFact: read(
    '/migrations/:system/facts/:digest',
    'What an event of the move names by digest: facts found, results, proofs. Canonical JSON, byte by byte as digested.',
    { params: MoveParams.extend({ digest: Digest }), query: Nothing, response: z.unknown() },
  ),
  amendReport: command(
    'amend-report',
    'report/amendments',
    'Has the report issued anew; signatures are void.',
    signoff.AmendReportBody,
  ),
  showSignoff: read(
    '/migrations/:system/signoff',
    'Who has to recognise the report, who has, and the text to sign.',
    {
      params: MoveParams,
      query: Nothing,
      response: signoff.SignoffView,
    },
  ),
  signReport: command(
    'sign-report',
    'signoffs',
    'Recognises the report with the caller’s own key.',
    signoff.SignReportBody,
  ),
  scheduleCutover: command(
    'schedule-cutover',
    'cutover/schedule',
    'Sets the cutover window.',
    signoff.ScheduleCutoverBody,
  ),
  decideCutover: command(
    'decide-cutover',
    'cutover/decision',
    'Go, no-go or abort.',
    signoff.DecideCutoverBody,
  ),
  settleCutover: command(
    'settle-cutover',
    'cutover/settle',
    'Brings the sides to exactly one that serves, where a switch or its abort is blocked.',
    commands.SettleBody,
  ),
  showSides: read(
    '/migrations/:system/sides',
    'What the servers of both sides say of themselves, asked now, and what settling would do.',
    { params: MoveParams, query: Nothing, response: SidesView, roles: planning },
  ),
  rollBack: command('roll-back', 'rollback', 'Goes back to the old side.', commands.RollBackBody),
  showRetention: read(
    '/migrations/:system/retention',
    'How long the way back is kept and whether it is armed.',
    {
      params: MoveParams,
      query: Nothing,
      response: RetentionView,
    },
  ),
  rearmWayBack: command(
    'rearm-way-back',
    'retention/rearm',
    'Seeds the old side anew from the new one, which goes on serving.',
    commands.RearmBody,
  ),
  changeSchema: command(
    'change-schema',
    'retention/ddl',
    'Changes the schema on both sides, the old one first, while the new one serves.',
    commands.ChangeSchemaBody,
  ),
  releaseRetention: command(
    'release-retention',
    'retention/release',
    'The owner’s written release of the old data.',
    signoff.ReleaseBody,
  ),

  listEvents: read('/migrations/:system/events', 'The move’s events after a sequence.', {
    params: MoveParams,
    query: EventsQuery,
    response: EventList,
  }),
  streamEvents: {
    ...read('/events', 'Which moves change, as it happens, server-sent; Last-Event-ID resumes.', {
      params: Nothing,
      query: EventStreamQuery,
      response: ChangeNotice,
    }),
    gives: 'text/event-stream',
  },
  listAudit: read(
    '/audit',
    'The audit log after a sequence: all of it for auditors, for coordinators what they act for.',
    {
      params: Nothing,
      query: AuditQuery,
      response: AuditPage,
      roles: auditReaders,
    },
  ),
  verifyAudit: read('/audit/verify', 'Holds the whole record against itself.', {
    params: Nothing,
    query: Nothing,
    response: AuditVerification,
    roles: ['auditor'],
  }),
  exportAudit: {
    ...read('/audit/export', 'The whole log, one JSON line each, to verify elsewhere.', {
      params: Nothing,
      query: Nothing,
      response: z.unknown(),
      roles: ['auditor'],
    }),
    gives: 'application/x-ndjson',
  },

  ...playbookRoutes,
  ...secretRoutes,
} as const satisfies Readonly<Record<string, Route>>

export type Routes = typeof routes
export type RouteName = keyof Routes
