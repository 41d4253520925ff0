import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidInputError, messageOf, QianyunError } from '../../domain/errors.ts'
import { OwnDatabaseAwayError } from '../../domain/ports/errors.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { type Step, durationMs } from '../../domain/playbook/playbook.ts'
import {
  ExpressionError,
  UndeclaredSecretError,
  UnknownDatabaseError,
  UnknownHostError,
  UnknownPlaybookFileError,
} from '../language/errors.ts'
import { type Variables, evaluateCondition } from '../language/expression.ts'
import { filledParams } from '../language/step-params.ts'
import { problemsOf } from '../language/problems.ts'
import {
  ConnectionLostError,
  HostKeyNotPinnedError,
  LoginRefusedError,
  UnusablePrivateKeyError,
  WrongHostKeyError,
} from '../ssh/errors.ts'
import { carryOutCommands } from '../steps/carry-out.ts'
import { bounded, said } from '../../domain/words/said.ts'
import { assertKind } from '../steps/find-kind.ts'
import type { BoundStep, StepContext, StepResult } from '../steps/kind.ts'
import { StepInterruptedError } from './errors.ts'
import { type RunStep, variablesOf } from './each-step.ts'
import type { PlaybookRun } from './playbook-run.ts'
import { trimmedResult } from './result.ts'
import { withinTime } from './within-time.ts'

export type StepEnd =
  | { readonly status: 'done'; readonly result: StepResult }
  | { readonly status: 'skipped'; readonly reason: string }

/**
 * Carries out one step, or continues it after an interrupted run. A step that is done is skipped. An interrupted step is planned
 * again, or left to a person if nothing shows its outcome.
 * @throws StepInterruptedError, StepTimeoutError, and the errors of the step itself
 */
export async function runStep(
  run: PlaybookRun,
  step: RunStep,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<StepEnd> {
  const { runId, skip } = run.request
  const before = await run.journal.read(runId, step.id)
  if (before?.status === 'done') return { status: 'done', result: (before.result ?? {}) as StepResult }
  if (before?.status === 'skipped') return { status: 'skipped', reason: before.error ?? '' }
  const variables = variablesOf(step, await run.variables())
  const reason = skip.find((one) => one.step === step.id)?.reason ?? leftOut(step, variables)
  if (reason !== undefined) {
    await run.journal.skipped(runId, step.id, reason)
    return { status: 'skipped', reason }
  }
  const bound = bindStep(run, step, variables)
  if (
    before?.status === 'started' &&
    bound.interrupted() === 'ask' &&
    !run.request.confirmed.includes(step.id)
  ) {
    throw new StepInterruptedError(step.id, step.kind)
  }
  const result = await attemptStep({ run, step, bound, variables, signal, say })
  return { status: 'done', result }
}

/** @throws InvalidInputError, ExpressionError */
export function bindStep(run: PlaybookRun, step: Step, variables: Variables): BoundStep {
  const kind = assertKind(step.kind)
  const filled = filledParams(step, kind, variables)
  const checked = kind.params.safeParse(filled)
  if (!checked.success) {
    throw new InvalidInputError(
      said('the-step', { step: step.id }),
      problemsOf(checked.error.issues, filled, ['with']),
    )
  }
  return run.implementation(step.kind).bind(filled)
}

function leftOut(step: Step, variables: Variables): string | undefined {
  if (step.when === undefined || evaluateCondition(step.when, variables)) return undefined
  return `its condition does not hold: ${step.when}`
}

interface Attempt {
  readonly run: PlaybookRun
  readonly step: Step
  readonly bound: BoundStep
  readonly variables: Variables
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

async function attemptStep(attempt: Attempt): Promise<StepResult> {
  const { run, step, signal, say } = attempt
  const { runId } = run.request
  const attempts = step.retry?.attempts ?? 1
  for (let number = 1; ; number += 1) {
    try {
      const result = await carryOutOnce(attempt)
      await run.journal.done(runId, step.id, result)
      return result
    } catch (error) {
      // The run itself is aborted: the journal keeps "started", so that the next run knows of the interruption.
      signal.throwIfAborted()
      if (error instanceof OwnDatabaseAwayError) throw error
      const unknown = error instanceof ConnectionLostError && attempt.bound.interrupted() === 'ask'
      if (unknown) throw new StepInterruptedError(step.id, step.kind)
      const message = run.redactor.text(messageOf(error))
      if (number >= attempts || isFinal(error)) {
        // A step that failed before it began has changed nothing, so it has no facts to keep and needs no undo.
        const entry = await run.journal.read(runId, step.id)
        if (entry?.status === 'started') await run.journal.failed(runId, step.id, message)
        throw error
      }
      say(`attempt ${number} of ${attempts} failed: ${message}`)
      await sleep(durationMs(step.retry?.delay ?? '2s'), undefined, { signal })
    }
  }
}

async function carryOutOnce({ run, step, bound, variables, signal, say }: Attempt): Promise<StepResult> {
  const { runId } = run.request
  return withinTime(step.id, durationMs(step.timeout), signal, async (inTime) => {
    const entry = await run.journal.read(runId, step.id)
    const marks = entry?.status === 'undone' ? [] : (entry?.marks ?? [])
    const context = run.context(step.id, variables, { signal: inTime, marks, say })
    const facts = await bound.gather(context)
    const commands = bound.plan(facts)
    // Undo returns to the facts of the earliest attempt, because a later attempt may find a half-changed host.
    const kept = entry?.status === 'undone' ? undefined : entry?.factsBefore
    await run.journal.started(runId, step.id, kept ?? run.redactor.json(bound.keep(facts)))
    if (commands.length === 0) return { changed: false }
    const result = (await bound.carryOut(facts, commands, context)) ?? (await plainResult(commands, context))
    return trimmedResult(run.redactor.json(result))
  })
}

async function plainResult(
  commands: Parameters<typeof carryOutCommands>[0],
  context: StepContext,
): Promise<StepResult> {
  const results = await carryOutCommands(commands, context)
  return { changed: true, commands: results.map(({ title }) => title) }
}

/** Whether a retry is useless until somebody changes something. */
function isFinal(error: unknown): boolean {
  return [
    InvalidInputError,
    ExpressionError,
    UndeclaredSecretError,
    UnknownHostError,
    UnknownDatabaseError,
    UnknownPlaybookFileError,
    HostKeyNotPinnedError,
    WrongHostKeyError,
    LoginRefusedError,
    UnusablePrivateKeyError,
  ].some((finalError) => error instanceof finalError)
}

/** The code of a failure in outcomes and problem documents. */
export function failureOf(
  run: PlaybookRun,
  stepId: string,
  error: unknown,
): NonNullable<PlaybookOutcome['failure']> {
  const message = run.redactor.text(messageOf(error))
  const code = error instanceof QianyunError ? error.code : 'step-failed'
  const title = run.playbook.steps.find(({ id }) => id === stepId)?.title
  const told = error instanceof QianyunError ? error.told : undefined
  return {
    step: stepId,
    ...(title && { title }),
    code,
    message,
    ...(told && { values: run.redactor.json(bounded(told.values)) }),
    ...(error instanceof StepInterruptedError ? { interrupted: true } : {}),
  }
}
