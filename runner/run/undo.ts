import { OwnDatabaseAwayError } from '../../domain/ports/errors.ts'
import { saidBy } from '../../domain/errors.ts'
import { type Step, durationMs } from '../../domain/playbook/playbook.ts'
import type { JournalEntry } from '../../domain/playbook/step-journal.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import { carryOutCommands } from '../steps/carry-out.ts'
import type { BoundStep } from '../steps/kind.ts'
import type { Variables } from '../language/expression.ts'
import { UndoFailedError } from './errors.ts'
import { variablesOf } from './each-step.ts'
import type { PlaybookRun } from './playbook-run.ts'
import { bindStep } from './step-run.ts'
import { withinTime } from './within-time.ts'

/** The outcome of an undo for each step, last step first. */
export interface UndoOutcome {
  readonly undone: readonly string[]
  /** Steps that ran and cannot be undone, by their kind or because the playbook says so. */
  readonly kept: readonly string[]
  /** What could not be reached and stays. A repeated undo tries it again. */
  readonly left: readonly Said[]
}

/**
 * Undoes the steps, last step first, each back to the facts from before its change. Stops at the first step whose undo fails.
 * @throws UndoFailedError with `because`, the failure that made the undo necessary, and the failure of the undo itself
 */
export async function undoRun(
  run: PlaybookRun,
  stepIds: readonly string[],
  options: {
    readonly signal: AbortSignal
    readonly because?: string | undefined
    say(step: string, line: string): void
  },
): Promise<UndoOutcome> {
  const undone: string[] = []
  const kept: string[] = []
  const left: Said[] = []
  const order = run.playbook.steps.filter((step) => stepIds.includes(step.id)).reverse()
  for (const step of order) {
    const entry = await run.journal.read(run.request.runId, step.id)
    if (entry === undefined || !hasRun(entry)) continue
    try {
      const variables = variablesOf(step, await run.variables())
      const bound = bindStep(run, step, variables)
      if (step.undo === 'none' || !bound.undoable()) {
        kept.push(step.id)
        continue
      }
      const unreachable = await undoStep(run, step, entry, { variables, bound }, options.signal, (line) => {
        options.say(step.id, line)
      })
      left.push(...unreachable.map((side) => said('unreachable-in-undo', { side, stepId: step.id })))
      if (unreachable.length > 0) continue
    } catch (error) {
      options.signal.throwIfAborted()
      if (error instanceof OwnDatabaseAwayError) throw error
      const reason = run.redactor.json(saidBy(error))
      const isRefused = error instanceof Error && 'refusesUndo' in error
      const because = options.because === undefined ? undefined : inForeignWords(options.because)
      throw new UndoFailedError(step.id, undone, reason, because, isRefused)
    }
    undone.push(step.id)
  }
  return { undone, kept, left }
}

function hasRun(entry: JournalEntry): boolean {
  return entry.status === 'done' || entry.status === 'failed' || entry.status === 'started'
}

async function undoStep(
  run: PlaybookRun,
  step: Step,
  entry: JournalEntry,
  { variables, bound }: { readonly variables: Variables; readonly bound: BoundStep },
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const unreachable = await withinTime(step.id, durationMs(step.timeout), signal, async (inTime) => {
    const context = run.context(step.id, variables, { signal: inTime, marks: entry.marks, say })
    const carriedOut = await bound.carryOutUndo(entry.factsBefore, context)
    if (carriedOut === undefined) await carryOutCommands(bound.undo(entry.factsBefore), context)
    const sides = carriedOut?.['unreachable']
    return Array.isArray(sides) ? sides.map(String) : []
  })
  if (unreachable.length === 0) await run.journal.undone(run.request.runId, step.id)
  return unreachable
}
