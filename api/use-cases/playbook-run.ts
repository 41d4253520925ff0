import { refuse } from '../../domain/move/command.ts'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import { zonesOf } from '../../domain/plan/places.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { JournalEntry } from '../../domain/playbook/step-journal.ts'
import type { RunEnd } from '../../domain/ports/playbook-runs.ts'
import type { PlaybookRunRecord, RunStep, StoredPlaybookRun } from '../../storage/playbook-runs.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { orchestratorQueue } from '../../workflows/migration/messages.ts'
import {
  playbookRunWorkflow,
  playbookRunWorkflowId,
  type PlaybookRunAlone,
} from '../../workflows/playbook-run/messages.ts'
import type { ApiContext, WithStores } from '../context.ts'
import type { PlaybookRunView } from '../contract.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { mutable } from '../views/move.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'

/** A key names one request: a run of other hosts, databases or inputs is another. @throws CommandRefusedError */
export function assertSameRun({ request }: StoredPlaybookRun, asked: RunRequest): void {
  const content = ({ hosts, databases, inputs }: RunRequest) => jsonDigest({ hosts, databases, inputs })
  if (content(request) === content(asked)) return
  throw new CommandRefusedError(refuse('request-id-reused', { first: request.runId }))
}

/** Starts a recorded run; one that was started before is left alone, ended or not. @throws NotAnsweredError */
export async function startPlaybookRun(
  { temporal, settings }: Pick<ApiContext, 'temporal' | 'settings'>,
  { request, steps }: PlaybookRunRecord,
): Promise<void> {
  const input: PlaybookRunAlone = {
    request,
    personSteps: steps.flatMap(({ step, forPerson }) => (forPerson ? [step] : [])),
  }
  try {
    await temporal.withDeadline(Date.now() + settings.commandTimeoutMs, () =>
      temporal.workflow.start(playbookRunWorkflow, {
        workflowId: playbookRunWorkflowId(request.runId),
        taskQueue: orchestratorQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw meaningOf(error) ?? error
  }
}

/** A run with each of its steps as the journal has it at this moment. */
export async function playbookRunView(
  context: WithStores<'journal'> & Pick<ApiContext, 'temporal' | 'zones'>,
  run: StoredPlaybookRun,
): Promise<PlaybookRunView> {
  const { request, steps, ended } = run
  const entries = await context.stores.journal.readRun(request.runId)
  const journal = new Map(entries.map((entry) => [entry.stepId, entry]))
  const summary = await playbookRunSummary(context, run)
  const failure = ended?.outcome.failure
  const runs = summary.state === 'running'
  return {
    ...summary,
    steps: steps.map((step) => stepView(step, { entry: journal.get(step.step), failure, runs })),
  }
}

/** A run without its steps. */
export async function playbookRunSummary(
  context: Pick<ApiContext, 'temporal' | 'zones'>,
  { request, by, startedAtMs, ended }: StoredPlaybookRun,
): Promise<Omit<PlaybookRunView, 'steps'>> {
  const { runId } = request
  const state = ended === undefined ? await stateNow(context, runId) : undefined
  const failure = ended?.outcome.failure
  const withoutRunner = state === 'running' ? await context.zones.withoutRunner(zonesOf(request.plan)) : []
  return {
    runId,
    playbook: request.playbook.name,
    digest: request.playbook.digest,
    plan: request.plan.plan,
    system: request.system,
    by: mutable(by),
    startedAtMs,
    state: state ?? (failure === undefined ? 'done' : 'failed'),
    ...(withoutRunner.length === 0 ? {} : { withoutRunner: mutable(withoutRunner) }),
    ...(ended === undefined ? {} : { endedAtMs: ended.atMs }),
    ...(failure === undefined
      ? {}
      : { failure: { step: failure.step, code: failure.code, message: failure.message } }),
  }
}

/** A run without an end runs, or its workflow was ended from outside. While Temporal is away nobody knows better. */
async function stateNow(
  { temporal }: Pick<ApiContext, 'temporal'>,
  runId: string,
): Promise<'running' | 'lost'> {
  try {
    const { status } = await temporal.withDeadline(Date.now() + 1_500, () =>
      temporal.workflow.getHandle(playbookRunWorkflowId(runId)).describe(),
    )
    return status.name === 'RUNNING' ? 'running' : 'lost'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'lost'
    if (meaningOf(error) === undefined) throw error
    return 'running'
  }
}

function stepView(
  { step, host, forPerson }: RunStep,
  known: {
    readonly entry: JournalEntry | undefined
    readonly failure: RunEnd['failure']
    readonly runs: boolean
  },
): PlaybookRunView['steps'][number] {
  const { entry, failure, runs } = known
  const shown = { step, ...(host === undefined ? {} : { host }) }
  if (forPerson) return { ...shown, state: 'for-person' }
  // A step that is refused before it begins leaves nothing in the journal.
  if (failure?.step === step) return { ...shown, state: 'failed', error: failure.message }
  if (entry === undefined) return { ...shown, state: runs ? 'waiting' : 'not-reached' }
  const { status, result, error } = entry
  const state = status === 'started' ? (runs ? 'running' : 'interrupted') : status
  return {
    ...shown,
    state,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  }
}
