import { InvalidInputError, problemAt } from '../domain/errors.ts'
import type { GivenUp, KeptDump } from '../domain/move/giving-up.ts'
import type { Side } from '../domain/move/workflow-end.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { said } from '../domain/words/said.ts'
import type { ClosedTask } from '../runner/steps/kind.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

export interface GivingUpDeps {
  readonly places: PlanPlaces
  /** The tasks of a move that are done, by its id. */
  readonly closedTasksOf: (migration: string) => Promise<readonly ClosedTask[]>
}

export interface SettleInput {
  readonly plan: MigrationPlan
  readonly hostKeys: HostKeys
}

/** The refusal where several datasets can be meant and none is named. */
export function datasetUnclear(
  what: 'The schema change' | 'The dataset',
  named: string | undefined,
  able: readonly { readonly name: string }[],
): InvalidInputError {
  const known = able.map(({ name }) => name)
  return new InvalidInputError(what, [
    problemAt('dataset', said('dataset-not-one-of', { found: named ?? '', known })),
  ])
}

/** What is done with a side that came back after the other one was opened without it. */
export function createGivingUpActivities({ places, closedTasksOf }: GivingUpDeps) {
  return {
    /**
     * Makes sure that the one dataset whose side may hold what is nowhere else may be given up there. Null where none does.
     * @throws InvalidInputError where several do and none is named
     */
    async agreedToGiveUp(
      input: SettleInput & { readonly migration: string; readonly side: Side; readonly giveUp: KeptDump },
    ): Promise<GivenUp | null> {
      const { plan, hostKeys, migration, giveUp } = input
      const [own, other] =
        input.side === 'new' ? (['target', 'source'] as const) : (['source', 'target'] as const)
      return withHeartbeat(1_000, async (signal) => {
        const able = (await places.datasets(plan, hostKeys)).filter(
          ({ family }) => family.bothSides !== undefined,
        )
        const [dataset, ...others] = able.filter(
          ({ name }) => giveUp.dataset === undefined || name === giveUp.dataset,
        )
        if (dataset?.family.bothSides === undefined || others.length > 0)
          throw datasetUnclear('The dataset', giveUp.dataset, able)
        const agreed = await dataset.family.bothSides.mayGiveUp(dataset.side(own), dataset.side(other), {
          dump: giveUp,
          host: (name) => places.host(plan, name, hostKeys),
          closedTasks: async () => closedTasksOf(migration),
          signal,
        })
        return agreed === undefined ? null : { dataset: dataset.name, ...agreed }
      })
    },

    /** Drops what a new side was given up for, so that it can be made anew. */
    async dropGivenUp({
      plan,
      hostKeys,
      givenUp,
    }: SettleInput & { readonly givenUp: GivenUp }): Promise<void> {
      await withHeartbeat(1_000, async () => {
        for (const { name, family, side } of await places.datasets(plan, hostKeys))
          if (name === givenUp.dataset)
            await family.bothSides?.dropGivenUp(side('target'), side('source'), givenUp)
      })
    },
  }
}
