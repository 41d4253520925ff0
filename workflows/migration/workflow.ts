import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  patched,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { CommandName } from '../../domain/move/command.ts'
import type { Phase } from '../../domain/move/phase.ts'
import { mayGo } from '../../domain/move/phase.ts'
import { proving, recording } from './activities.ts'
import { failing } from './failing.ts'
import { Course } from './course.ts'
import type { CommandRequest, MigrationInput } from './messages.ts'
import { commandUpdates, migrationQuery, recordAway } from './messages.ts'
import { leavePhase } from './leave-phase.ts'
import { MigrationState } from './state.ts'

const phaseAttribute = defineSearchAttributeKey('MigrationPhase', 'KEYWORD')

/** What a finished move comes to. The whole story is in storage. */
export interface MigrationOutcome {
  readonly standing: 'closed' | 'aborted'
  readonly sequence: number
}

/**
 * One system's whole move. Each run carries one phase (and what rolls it back); at its end it continues as new, so that
 * months of waiting hold a short history and every phase begins on the newest code.
 */
export async function migration(input: MigrationInput): Promise<MigrationOutcome> {
  // A cancel request from Temporal would leave hosts half way and nothing recorded: a move ends by its own commands.
  return CancellationScope.nonCancellable(() => carry(input))
}

async function carry(input: MigrationInput): Promise<MigrationOutcome> {
  const state = new MigrationState(input, Date.now)
  const course = new Course(state)
  answerCommands(state, course)
  const recorder = record(state)
  void course.schemaChanges.keepMaking()
  return Promise.race([proceed(input, course, recorder.stop), recorder.refusal])
}

async function proceed(
  input: MigrationInput,
  course: Course,
  stopRecording: () => void,
): Promise<MigrationOutcome> {
  const { state } = course
  upsertSearchAttributes([{ key: phaseAttribute, value: state.migration.phase }])

  const next = await leavePhase(course)
  if (next !== 'closed' && next !== 'aborted' && next !== state.migration.phase) enter(state, next)

  await course.schemaChanges.idle()
  await condition(() => state.toRecord.length === 0)
  await condition(allHandlersFinished)
  stopRecording()
  course.schemaChanges.stop()
  if (next === 'closed' || next === 'aborted') return { standing: next, sequence: state.migration.sequence }
  return makeContinueAsNewFunc<typeof migration>()({ ...input, resumed: state.resumed() })
}

function enter(state: MigrationState, phase: Phase): void {
  const { phase: left, round } = state.migration
  if (!mayGo(left, phase))
    throw ApplicationFailure.nonRetryable(`A move cannot go from "${left}" to "${phase}".`)
  const back =
    (left === 'cutover' || left === 'retention') && (phase === 'rehearsal' || phase === 'trial-run')
  state.emit('phase-entered', { phase, round: round + (back ? 1 : 0) })
}

function answerCommands(state: MigrationState, course: Course): void {
  for (const name of Object.keys(commandUpdates) as CommandName[]) {
    setHandler(
      commandUpdates[name],
      (request: CommandRequest) => {
        const take = () => {
          const receipt = state.take(name, request)
          if (name === 'abort' || name === 'roll-back') course.interrupt()
          return receipt
        }
        // What was taken before there was a record of commands is replayed as it was: at once.
        return patched('commands-on-record') ? assertGiven(state, name, request).then(take) : take()
      },
      {
        validator: (request: CommandRequest) => {
          const refused = state.refusalOf(name, request)
          if (refused) throw failing(refused)
        },
      },
    )
  }
  setHandler(migrationQuery, () => state.migration)
}

/**
 * Takes nothing that is not on record: whoever reaches the server can send any command in anybody's name. The rules are asked
 * again, since the move may have gone on meanwhile.
 */
async function assertGiven(state: MigrationState, name: CommandName, request: CommandRequest): Promise<void> {
  const { migration } = state.migration
  const { requestId, actor, data } = request
  try {
    // A cancel request from Temporal ends no move, and keeps no command from it.
    await CancellationScope.nonCancellable(() =>
      proving.assertGiven({ migration, requestId, name, actor, data }),
    )
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error
    if (cause instanceof ApplicationFailure && cause.type === 'command-not-given') return asRefusal(error)
    throw ApplicationFailure.nonRetryable('The record of commands does not answer.', recordAway)
  }
  const refused = state.refusalOf(name, request)
  if (refused) throw failing(refused)
}

/**
 * Writes events to storage as they come, in order, one batch at a time. `refusal` rejects when storage has another event under
 * a sequence of this move, or misses some: a move whose record is not its own ends, with the reason in Temporal, where it is
 * found and shown.
 */
function record(state: MigrationState): { readonly stop: () => void; readonly refusal: Promise<never> } {
  const recorder = { stopped: false }
  const refusal = (async () => {
    for (;;) {
      await condition(() => recorder.stopped || state.toRecord.length > 0)
      // The run ends by itself, and nothing is refused any more.
      if (recorder.stopped) return new Promise<never>(() => undefined)
      const batch = state.toRecord.slice(0, 50)
      const last = batch.at(-1)
      if (!last) continue
      await recording.appendEvents({ events: batch }).catch(asRefusal)
      state.recorded(last.sequence)
    }
  })()
  return {
    stop: () => {
      recorder.stopped = true
    },
    refusal,
  }
}

function asRefusal(error: unknown): never {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (!(cause instanceof ApplicationFailure)) throw error
  throw ApplicationFailure.nonRetryable(cause.message, cause.type, ...(cause.details ?? []))
}
