import type { MigrationEvent } from '../../domain/move/event.ts'
import { System } from '../../domain/ledger/system.ts'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import { LaunchStore } from '../../storage/launches.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { SystemStore } from '../../storage/systems.ts'
import { historyOf } from '../storage/history.ts'
import { actors } from './actors.ts'
import type { TestApi } from './api.ts'
import { samplePlanInput } from './plan-input.ts'

export type Act = Parameters<typeof historyOf>[0][number]

const result = { gapMs: 42, generation: 1, anatomyMs: {} }

/** Ways to places from which a move goes on, each as the acts that lead there. */
export const acts = {
  cutover: [{ emit: 'phase-entered', data: { phase: 'cutover', round: 1 } }],
  switching: [
    { emit: 'recognised', data: { digest: 'd'.repeat(64) } },
    { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
    {
      emit: 'cutover-scheduled',
      data: { window: { startsAtMs: 1, endsAtMs: 2_000_000_000_000 }, latestRollbackAtMs: 1_900_000_000_000 },
    },
    { emit: 'cutover-decided', data: { decision: 'go', reason: 'ready' } },
    { emit: 'step-started', data: { step: 'switch-over', attempt: 1 } },
  ],
  retention: [
    { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
    { emit: 'cut-over', data: { result } },
    { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
    { emit: 'retention-started', data: { untilMs: 1_000 } },
  ],
} as const satisfies Readonly<Record<string, readonly Act[]>>

/** Records a move as a workflow has left it that Temporal knows no more. Gives its id. */
export async function recordMove(
  api: TestApi,
  system: string,
  done: readonly Act[],
  change: Partial<PlanInputV2> = {},
): Promise<string> {
  const migration = `${system}-1`
  const entry = System.parse({
    system,
    name: `${system} 系统`,
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  })
  await new SystemStore(api.pool).import([entry], actors.coordinator, 1)
  const input = samplePlanInput({ plan: `${system}-plan`, system, ...change })
  const { digest: planDigest, content } = await api.call('createPlan', { as: 'coordinator', body: input })
  const request = { requestId: `launch-${system}`, system, plan: input.plan, planDigest, content }
  await new LaunchStore(api.pool).reserve(request, actors.coordinator, 1)
  const events = historyOf(done, migration).map((event): MigrationEvent =>
    event.type === 'launched' ? { ...event, data: { plan: content, planDigest } } : event,
  )
  await new MigrationStore(api.pool).append(events)
  return migration
}
