import { Context } from '@temporalio/activity'
import { z } from 'zod'
import type { WasWaived } from '../domain/assessment/assessed-waivers.ts'
import type { GivenUp } from '../domain/move/giving-up.ts'
import { QianyunError } from '../domain/errors.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import { said } from '../domain/words/said.ts'
import type { Reseeded, SchemaChanged, SettledDataset } from '../families/both-sides.ts'
import { explained } from './failure.ts'
import { type GivingUpDeps, type SettleInput, createGivingUpActivities, datasetUnclear } from './giving-up.ts'
import { withHeartbeat } from './heartbeat.ts'

export interface BothSidesDeps extends GivingUpDeps {
  readonly facts: FactsPort
  /** What waivers covered in a dataset as a move was assessed. */
  readonly waivedOf: (migration: string, dataset: string) => Promise<WasWaived | undefined>
}

/** Thrown when datasets of one system are served by different sides. Nothing was opened that was not to be. */
class SidesMixedError extends QianyunError {
  override name = 'SidesMixedError'
  readonly code = 'settle-mixed'

  constructor(readonly system: string) {
    super(said('settle-mixed'))
  }
}

/** The text of a schema change as it is stored. */
const StoredChange = z.object({ sql: z.string() })

/** What is done on both sides of a dataset at once, outside of playbooks. */
export function createBothSidesActivities(deps: BothSidesDeps) {
  const { places, facts, waivedOf } = deps
  return explained({
    ...createGivingUpActivities(deps),

    /**
     * Brings every dataset of a plan that serves by itself to exactly one side that does, the same for all of them, with its
     * clients going on there.
     */
    async settleSides({ plan, hostKeys }: SettleInput): Promise<SettledDataset> {
      return withHeartbeat(1_000, async (signal) => {
        let all: SettledDataset = { serves: 'none', undone: false }
        const datasets = (await places.datasets(plan, hostKeys)).map(({ name, family, side }) => {
          const inFront = places.inFront(plan, hostKeys, name)
          return { name, family, old: side('source'), newSide: side('target'), inFront }
        })
        for (const { name, family, old, newSide, inFront } of datasets) {
          const others = datasets.filter((one) => one.name !== name && one.family === family)
          const settled = await family.bothSides?.settle(old, newSide, { inFront, others, signal })
          if (settled === undefined || settled.serves === 'none') continue
          if (all.serves !== 'none' && all.serves !== settled.serves) throw new SidesMixedError(plan.system)
          all = { serves: settled.serves, undone: all.undone || settled.undone }
        }
        return all
      })
    },

    /** Seeds the old side of every dataset that needs it anew, one after another. */
    async rearmWayBack(
      input: SettleInput & { readonly migration: string; readonly givenUp?: GivenUp },
    ): Promise<Reseeded> {
      const { plan, hostKeys, migration } = input
      return withHeartbeat(1_000, async (signal) => {
        let all: Reseeded = { rows: 0, copyMs: 0 }
        for (const { name, family, side } of await places.datasets(plan, hostKeys)) {
          const wasWaived = await waivedOf(migration, name)
          const { waivers } = plan
          const givenUp = input.givenUp?.dataset === name ? input.givenUp : undefined
          const options = { waivers, wasWaived, givenUp, signal }
          const done = await family.bothSides?.reseed(side('source'), side('target'), options)
          if (done !== undefined) all = { rows: all.rows + done.rows, copyMs: all.copyMs + done.copyMs }
        }
        return all
      })
    },

    /** Changes the schema of a dataset on both sides, the one that follows first. The same id goes on where it stopped. */
    async changeSchema(input: {
      readonly id: string
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
      readonly sqlDigest: string
      readonly dataset?: string | undefined
      readonly role?: string | undefined
      readonly isHalfMade?: true | undefined
    }): Promise<SchemaChanged> {
      const { id, plan, hostKeys, sqlDigest, dataset: named, role } = input
      // A try whose runner was lost may have come half way.
      const mayBeHalfMade = input.isHalfMade === true || Context.current().info.attempt > 1
      return withHeartbeat(1_000, async (signal) => {
        const { sql } = StoredChange.parse(JSON.parse(await facts.text(sqlDigest)))
        const able = (await places.datasets(plan, hostKeys)).filter(
          ({ family }) => family.bothSides?.changeSchema !== undefined,
        )
        const [dataset, ...others] = able.filter(({ name }) => named === undefined || name === named)
        if (dataset?.family.bothSides?.changeSchema === undefined || others.length > 0) {
          throw datasetUnclear('The schema change', named, able)
        }
        return dataset.family.bothSides.changeSchema(dataset.side('source'), dataset.side('target'), {
          id,
          sql,
          role,
          mayBeHalfMade,
          signal,
        })
      })
    },
  })
}
