import { releaseNotHeld } from './release-held.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { RunRequest } from '../domain/plan/run-request.ts'
import type { Migration } from '../domain/move/migration.ts'
import {
  actNotOnRecord,
  isSamePlan,
  runNotOnRecord,
  undoNotOnRecord,
  type BothSidesAct,
} from '../domain/move/rules/on-record.ts'
import type { AccountsPort } from '../domain/ports/accounts.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { QianyunError } from '../domain/errors.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { CommandsPort } from '../domain/ports/commands.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { migrationWorkflowId } from '../workflows/migration/messages.ts'
import { asFailure } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import { assertOwnWorkflow, carrierOf, carriesRun } from './own-workflow.ts'

/** Thrown when a runner is asked for what the product's own record does not have. */
export class NotOnRecordError extends QianyunError {
  override name = 'NotOnRecordError'
  readonly code = 'not-on-record'

  constructor(
    readonly subject: string,
    readonly what: string,
    readonly missing: Said,
  ) {
    super(said('not-on-record', { subject, what, missing }))
  }
}

export interface RecordDeps {
  readonly migrations: Pick<MigrationsPort, 'find' | 'events'>
  readonly plans: { find(plan: string): Promise<{ readonly content: MigrationPlan } | undefined> }
  readonly playbookRuns: {
    find(runId: string): Promise<{ readonly request: RunRequest; readonly ended?: object } | undefined>
  }
  readonly accounts: AccountsPort
  readonly commands: Pick<CommandsPort, 'noteNotGiven'>
  /** The id of the workflow that has started a workflow; undefined for one that a client has started. */
  readonly parentOf: (workflow: {
    readonly workflowId: string
    readonly runId: string
  }) => Promise<string | undefined>
}

type Activities = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

interface Asked {
  readonly request?: RunRequest
  readonly plan?: MigrationPlan
  readonly migration?: string
  readonly sqlDigest?: string
  readonly givenUp?: unknown
}

/** Events are on record a moment after they have happened; a record that is away is waited for as long as this. */
const waitMs = { forEvents: 15_000, forRecord: 300_000, betweenLooks: 100 } as const

const bothSidesActs: ReadonlySet<string> = new Set<BothSidesAct>([
  'settleSides',
  'rearmWayBack',
  'changeSchema',
  'dropGivenUp',
])

/** What is asked for by a run; everything else by a plan, whatever stands beside it. */
const ofRuns: ReadonlySet<string> = new Set(['describePlaybook', 'runSteps', 'undoPlaybook'])

/** What holds itself against its own workflow. */
const ofZones: ReadonlySet<string> = new Set(['watchZone'])

/**
 * The same activities, each held against the record before it begins: a plan must be stored, a run must be one that the move or a
 * person has begun, and what cannot be undone must have been decided by people. Temporal carries requests, and is not believed.
 */
export function onRecord<A extends Activities>(activities: A, deps: RecordDeps): A {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: never[]) => {
      if (!ofZones.has(name)) await assertOnRecord(deps, name, askedFor(name, args))
      return run(...args)
    },
  ])
  return Object.fromEntries(wrapped) as A
}

/** What an activity is asked for, of that alone by which it is held against the record. */
function askedFor(name: string, [given]: readonly unknown[]): Asked {
  const { request, ...ofPlan } = (given ?? {}) as Asked
  return ofRuns.has(name) && request !== undefined ? { request } : ofPlan
}

async function assertOnRecord(deps: RecordDeps, name: string, asked: Asked): Promise<void> {
  const subject = asked.request?.runId ?? asked.migration ?? asked.plan?.system ?? ''
  try {
    await assertOwnWorkflow(deps, { what: name, subject }, await carriers(deps, name, asked))
  } catch (error) {
    throw error instanceof QianyunError ? asFailure(error) : error
  }
  const missing = await withHeartbeat(1_000, (signal) =>
    missingAtLast(deps, { name, subject }, asked, signal),
  )
  if (missing !== undefined) throw asFailure(new NotOnRecordError(subject, name, missing))
}

/** Which workflows may ask a runner for this. */
async function carriers(
  deps: RecordDeps,
  name: string,
  { request, migration, plan }: Asked,
): Promise<(workflowId: string) => boolean> {
  if (request !== undefined) {
    const carrier = carrierOf(request.migration)
    if (name === 'undoPlaybook') return (id) => id === carrier
    const carries = carriesRun(request.runId, request.migration)
    if (!request.runId.startsWith(`${request.migration}/`)) return carries
    // Under an id that no child has yet, anybody can start a workflow.
    const { workflowExecution } = Context.current().info
    const parent = workflowExecution === undefined ? undefined : await deps.parentOf(workflowExecution)
    return (id) => carries(id) && parent === carrier
  }
  const carrier = migrationWorkflowId(plan?.system ?? '')
  if (migration !== undefined && carrierOf(migration) !== carrier) return () => false
  // The API looks at sides and asks about playbooks by workflows of their own, which change nothing.
  const looks = { lookAtSides: 'sides/', answer: 'playbook-desk/' }[name]
  return (id) => id === carrier || (looks !== undefined && id.startsWith(looks))
}

/**
 * What is missing on record once it has had time to come, and a note of that is on record itself. A record that takes no note takes no events
 * either, so what is missing may yet come: it is waited for, and has its time anew once the record answers.
 */
async function missingAtLast(
  deps: RecordDeps,
  { name, subject }: { readonly name: string; readonly subject: string },
  asked: Asked,
  signal: AbortSignal,
): Promise<Said | undefined> {
  const beganAtMs = Date.now()
  let answersSinceMs = beganAtMs
  for (;;) {
    try {
      const missing = await missingNow(deps, name, asked)
      if (missing === undefined) return undefined
      if (Date.now() > answersSinceMs + waitMs.forEvents) {
        await deps.commands.noteNotGiven({ migration: subject, what: name, account: '' })
        return missing
      }
    } catch (error) {
      if (Date.now() > beganAtMs + waitMs.forRecord)
        throw error instanceof QianyunError ? asFailure(error) : error
      answersSinceMs = Date.now()
    }
    await sleep(waitMs.betweenLooks, undefined, { signal })
  }
}

async function missingNow(deps: RecordDeps, name: string, asked: Asked): Promise<Said | undefined> {
  const { request, plan } = asked
  if (request !== undefined) return requestNotOnRecord(deps, name, request)
  if (plan === undefined) return said('record-other-plan')
  if (bothSidesActs.has(name)) {
    const m = await deps.migrations.find(asked.migration ?? plan.system)
    if (m === undefined) return said('record-no-move')
    return actNotOnRecord(m, name as BothSidesAct, { ...asked, plan })
  }
  const stored = await deps.plans.find(plan.plan)
  return stored !== undefined && isSamePlan(stored.content, plan) ? undefined : said('record-other-plan')
}

async function requestNotOnRecord(
  deps: RecordDeps,
  name: string,
  request: RunRequest,
): Promise<Said | undefined> {
  const alone = await deps.playbookRuns.find(request.runId)
  if (alone !== undefined) {
    if (alone.ended !== undefined) return said('record-run-ended')
    return canonicalJson(alone.request) === canonicalJson(request) ? undefined : said('record-other-plan')
  }
  const m: Migration | undefined = await deps.migrations.find(request.migration)
  if (m?.migration !== request.migration) return said('record-no-move')
  if (name === 'undoPlaybook') return undoNotOnRecord(m, request)
  // A step whose outcome is unknown runs again when a person has said so.
  if (request.confirmed.length > 0 && !(await wasRetried(deps, m.migration))) return said('record-no-retry')
  return runNotOnRecord(m, request) ?? (await notSigned(deps, m, request))
}

/** What is wrong with the owner's signature under a release; it is held against the key as it is registered now. */
async function notSigned(
  { accounts }: RecordDeps,
  m: Migration,
  { playbook }: RunRequest,
): Promise<Said | undefined> {
  const release = m.retention?.release
  if (canonicalJson(m.plan.playbooks.close) !== canonicalJson(playbook) || release === undefined)
    return undefined
  return releaseNotHeld(accounts, m)
}

const wasRetried = async ({ migrations }: RecordDeps, migration: string): Promise<boolean> =>
  (await migrations.events(migration)).some(({ type }) => type === 'step-retried')
