import { OwnDatabaseAwayError } from '../domain/ports/errors.ts'
import type { WasWaived } from '../domain/assessment/assessed-waivers.ts'
import type { PlaybookOutcome, StepOutcome } from '../domain/playbook/outcome.ts'
import type { PlannedStep } from '../domain/playbook/planned-step.ts'
import type { RunRequest, StepGroup, StepProgress } from '../domain/plan/run-request.ts'
import type { StepJournal } from '../domain/playbook/step-journal.ts'
import {
  type PlaybookFolder,
  type PlaybookRef,
  assertAsFrozen,
  playbookFile,
} from '../domain/playbook/files.ts'
import type { Step } from '../domain/playbook/playbook.ts'
import { said } from '../domain/words/said.ts'
import { InvalidPlaybookError } from './language/errors.ts'
import { lintPlaybook } from './language/lint.ts'
import { describeRun } from './run/describe.ts'
import { planRun } from './run/dry-run.ts'
import { PlaybookRun } from './run/playbook-run.ts'
import type { SecretReader } from './secrets/bound-secrets.ts'
import { OnlyInMoveError } from './run/errors.ts'
import { failureOf, runStep } from './run/step-run.ts'
import { type UndoOutcome, undoRun } from './run/undo.ts'
import { HostPool } from './ssh/pool.ts'
import { assertKind, loadKinds } from './steps/find-kind.ts'
import type { ClosedTask, RecordedRetention } from './steps/kind.ts'

/** The source of playbooks, by name. */
export interface PlaybookSource {
  /** Reads every file of the playbook's folder once, in the frozen version if that is kept. @throws if there is no such playbook */
  read(name: string, frozen: PlaybookRef): Promise<PlaybookFolder>
}

export interface RunnerParts {
  readonly secrets: SecretReader
  readonly journal: StepJournal
  readonly playbooks: PlaybookSource
  /** The recorded retention of the move. Without it no old side is disarmed or wiped. */
  readonly retentionOf?: (migration: string) => Promise<RecordedRetention | undefined>
  /** The tasks of the move that people have closed. Without it no database that served is given up. */
  readonly closedTasksOf?: (migration: string) => Promise<readonly ClosedTask[]>
  /** The objects of a dataset that waivers covered at the assessment. Without it a pattern covers every object that matches. */
  readonly waivedOf?: (migration: string, dataset: string) => Promise<WasWaived | undefined>
  /** A shared pool of connections; default: a pool of the runner's own. */
  readonly hostPool?: HostPool
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** For heartbeats; must not throw. */
  readonly onProgress?: (progress: StepProgress) => void
}

/** Runs playbooks on hosts. */
export interface Runner {
  describe(request: RunRequest): Promise<readonly StepGroup[]>
  /** A dry run on the real hosts; changes nothing. */
  plan(request: RunRequest, options?: RunOptions): Promise<readonly PlannedStep[]>
  /**
   * Runs the steps in order and stops at the first failure. Steps that an earlier run of the same id has done are skipped. A failed
   * step is an outcome; an error is thrown only if the whole run is refused or aborted.
   * @throws PlaybookChangedError, InvalidPlaybookError, InvalidInputError, UnknownStepError, OnlyInMoveError
   */
  runSteps(request: RunRequest, stepIds: readonly string[], options?: RunOptions): Promise<PlaybookOutcome>
  /** @throws UndoFailedError, and the errors of `runSteps` */
  undo(
    request: RunRequest,
    stepIds: readonly string[],
    options?: RunOptions & { readonly because?: string },
  ): Promise<UndoOutcome>
  /** Closes the runner's own connections. A shared pool stays open. */
  close(): Promise<void>
}

export function createRunner(parts: RunnerParts): Runner {
  const hostPool = parts.hostPool ?? new HostPool()
  const open = async (request: RunRequest) => openRun(parts, hostPool, request)
  return {
    describe: async (request) => {
      const run = await open(request)
      if (request.migration === '') assertMayRunAlone(request.playbook.name, run.playbook.steps)
      return describeRun(run)
    },
    plan: async (request, { signal = new AbortController().signal } = {}) =>
      planRun(await open(request), signal),
    runSteps: async (request, stepIds, options = {}) => runSteps(await open(request), stepIds, options),
    undo: async (request, stepIds, options = {}) => {
      const { signal = new AbortController().signal, because, onProgress } = options
      const say = (step: string, line: string) =>
        onProgress?.({ step, status: 'started', at: 1, of: stepIds.length, line })
      return undoRun(await open(request), stepIds, { signal, because, say })
    },
    close: async () => {
      if (parts.hostPool === undefined) await hostPool.close()
    },
  }
}

/** Reads the files once and compares them with the frozen digest; from here on only the read content is used. */
async function openRun(parts: RunnerParts, hostPool: HostPool, request: RunRequest): Promise<PlaybookRun> {
  const { name } = request.playbook
  const folder = await parts.playbooks.read(name, request.playbook)
  assertAsFrozen(request.playbook, folder)
  const { files } = folder
  const text = files.get(playbookFile) ?? ''
  const { playbook, problems } = lintPlaybook(text, { name, files: [...files.keys()] })
  if (playbook === undefined || problems.length > 0)
    throw new InvalidPlaybookError(said('the-playbook', { playbook: name }), problems)
  const implementations = await loadKinds(playbook.steps.map(({ kind }) => kind))
  const run = new PlaybookRun({ ...parts, request, playbook, files, implementations, hostPool })
  await run.learnSecrets()
  return run
}

/** @throws OnlyInMoveError */
function assertMayRunAlone(playbook: string, steps: readonly Step[]): void {
  const refused = steps.filter(({ kind }) => assertKind(kind).onlyInMove === true)
  if (refused.length > 0) throw new OnlyInMoveError(playbook, refused)
}

async function runSteps(
  run: PlaybookRun,
  stepIds: readonly string[],
  { signal = new AbortController().signal, onProgress }: RunOptions,
): Promise<PlaybookOutcome> {
  const steps = stepIds.map((id) => run.step(id))
  if (run.request.migration === '') assertMayRunAlone(run.request.playbook.name, steps)
  const done: StepOutcome[] = []
  for (const [index, step] of steps.entries()) {
    const tell = (status: StepProgress['status'], line?: string) =>
      onProgress?.({
        step: step.id,
        status,
        at: index + 1,
        of: steps.length,
        ...(line === undefined ? {} : { line }),
      })
    tell('started')
    try {
      const end = await runStep(run, step, signal, (line) => tell('started', line))
      if (end.status === 'done') done.push(outcomeOf(step, end.result))
      tell(end.status)
    } catch (error) {
      signal.throwIfAborted()
      // What the journal could not take is no failure of the step: it goes on from the journal once that answers.
      if (error instanceof OwnDatabaseAwayError) throw error
      const failure = failureOf(run, step.id, error)
      tell('failed', failure.message)
      return { done, failure }
    }
  }
  return { done }
}

function outcomeOf({ id, kind }: Step, result: StepOutcome['result']): StepOutcome {
  const { does } = assertKind(kind)
  return { step: id, kind, ...(does === undefined ? {} : { does }), result }
}
