import { System } from '../../domain/ledger/system.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from './actors.ts'
import type { TestApi } from './api.ts'

type Act = Parameters<typeof historyOf>[0][number]

const result = { gapMs: 42, generation: 1, anatomyMs: {} }
const cutOver: readonly Act[] = [
  { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
  { emit: 'cut-over', data: { result } },
]
const armed: readonly Act[] = [
  ...cutOver,
  { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
  { emit: 'retention-started', data: { untilMs: Date.UTC(2027, 1, 28) } },
]
const gone: Act = {
  command: { name: 'roll-back', reason: 'it burnt down', newSideGone: true },
  actor: actors.operations,
}

/** Moves at each place where their way back stands otherwise, by system. */
const acts = {
  before: [{ emit: 'phase-entered', data: { phase: 'cutover', round: 1 } }],
  switched: cutOver,
  arming: [...cutOver, { emit: 'step-started', data: { step: 'arm-way-back', attempt: 1 } }],
  armed,
  degraded: [
    ...armed,
    { emit: 'way-back-changed', data: { state: 'degraded', reasons: ['marker-late-12s'] } },
  ],
  'rolled-back': [...armed, { emit: 'rolled-back', data: { result, to: 'trial-run' } }],
  'new-side-gone': [...armed, gone],
  'gone-early': [...cutOver, gone],
} as const satisfies Readonly<Record<string, readonly Act[]>>

/** How each of them stands, as the API says it. */
export const wayBackStands = {
  before: 'not-needed',
  switched: 'unknown',
  arming: 'arming',
  armed: 'armed',
  degraded: 'degraded',
  'rolled-back': 'not-needed',
  'new-side-gone': 'given-up',
  'gone-early': 'given-up',
} as const satisfies Readonly<Record<keyof typeof acts, string>>

/** Records the moves, as their workflows would have. */
export async function storeWayBackMoves({ pool }: TestApi): Promise<void> {
  const systems = Object.keys(acts).map((system) =>
    System.parse({ system, name: system, department: 'permit-bureau' }),
  )
  await new SystemStore(pool).import(systems, actors.coordinator, 1)
  const store = new MigrationStore(pool)
  for (const [system, done] of Object.entries(acts))
    await store.append(movedBy(historyOf(done, `${system}-1`), system))
}

function movedBy(history: readonly MigrationEvent[], system: string): MigrationEvent[] {
  return history.map((event) =>
    event.type === 'launched'
      ? { ...event, data: { ...event.data, plan: { ...event.data.plan, plan: `${system}-plan`, system } } }
      : event,
  )
}
