import fc from 'fast-check'
import type { Command } from '../../domain/move/command.ts'
import type { EventData, EventType, MigrationEvent } from '../../domain/move/event.ts'
import type { Actor } from '../../domain/organisation.ts'
import type { CommandRequest } from '../../workflows/migration/messages.ts'
import { MigrationState } from '../../workflows/migration/state.ts'
import { actors } from '../support/actors.ts'
import { samplePlan } from '../support/plan.ts'

type Act =
  | { readonly emit: EventType; readonly data: EventData[EventType] }
  | { readonly command: Command; readonly actor: Actor }

const text = fc.string({ minLength: 4, maxLength: 30, unit: 'binary' })

const emitted: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    emit: fc.constant('step-started' as const),
    data: fc.record({ step: text, attempt: fc.nat(9) }),
  }),
  fc.record({ emit: fc.constant('step-finished' as const), data: fc.record({ step: text }) }),
  fc.record({
    emit: fc.constant('step-failed' as const),
    data: fc.record({ step: text, attempt: fc.nat(9), code: text, message: text }),
  }),
  fc.record({
    emit: fc.constant('phase-entered' as const),
    data: fc.record({ phase: fc.constantFrom('rehearsal', 'trial-run', 'cutover'), round: fc.nat(3) }),
  }),
  fc.record({
    emit: fc.constant('cut-over' as const),
    data: fc.record({
      result: fc.record({
        gapMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
        generation: fc.nat(9),
        anatomyMs: fc.dictionary(text, fc.double({ noNaN: true, noDefaultInfinity: true })),
      }),
    }),
  }),
)

const commanded: fc.Arbitrary<Act> = fc.record({
  actor: fc.constantFrom(...Object.values(actors)),
  command: fc.oneof(
    fc.record({ name: fc.constantFrom('pause', 'hold', 'abort', 'roll-back'), reason: text }),
    fc.record({ name: fc.constant('resume' as const), note: text }),
  ),
})

/** The events of one move in which the engine and people did what chance told them; refused commands leave none. */
export function histories(migration = 'permit-desk-1'): fc.Arbitrary<MigrationEvent[]> {
  return fc.array(fc.oneof(emitted, commanded), { maxLength: 25 }).map((acts) => historyOf(acts, migration))
}

export function historyOf(acts: readonly Act[], migration: string): MigrationEvent[] {
  const clock = { ms: Date.UTC(2026, 10, 30, 2) }
  const state = new MigrationState(
    { migration, plan: samplePlan(), planDigest: 'b'.repeat(64), launchedBy: actors.coordinator },
    () => (clock.ms += 1_000),
  )
  acts.forEach((act, index) => {
    if ('emit' in act) state.emit(act.emit, act.data)
    else giveCommand(state, act.command, act.actor, `request-${index}`)
  })
  return [...state.toRecord]
}

function giveCommand(state: MigrationState, command: Command, actor: Actor, requestId: string): void {
  const { name, ...data } = command
  const request = { requestId, actor, data } as unknown as CommandRequest
  if (state.refusalOf(name, request) === undefined) state.take(name, request)
}

/** A short plain history: launched, entered, one step begun. */
export function shortHistory(migration = 'permit-desk-1'): MigrationEvent[] {
  return historyOf([{ emit: 'step-started', data: { step: 'discover', attempt: 1 } }], migration)
}

/** A history that has come to retention: the new side serves. */
export function switchedHistory(migration = 'permit-desk-1'): MigrationEvent[] {
  const result = { gapMs: 42, generation: 1, anatomyMs: {} }
  return historyOf(
    [
      { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
      { emit: 'cut-over', data: { result } },
      { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
      { emit: 'retention-started', data: { untilMs: Date.UTC(2027, 1, 28) } },
    ],
    migration,
  )
}
