import { Context } from '@temporalio/activity'
import { z } from 'zod'
import { InvalidInputError } from '../domain/errors.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import type { SchemaChanged } from '../families/family.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

export interface BothSidesDeps {
  readonly places: PlanPlaces
  readonly facts: FactsPort
}

/** The text of a schema change as it is stored. */
const StoredChange = z.object({ sql: z.string() })

/** What is done on both sides of a dataset at once, outside of playbooks. */
export function createBothSidesActivities({ places, facts }: BothSidesDeps) {
  return explained({
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
          ({ family }) => family.changeSchema !== undefined,
        )
        const [dataset, ...others] = able.filter(({ name }) => named === undefined || name === named)
        if (dataset?.family.changeSchema === undefined || others.length > 0) {
          const known = able.map(({ name }) => `"${name}"`).join(', ')
          throw new InvalidInputError('The schema change', [
            { path: 'dataset', message: `is "${named ?? ''}", expected one of ${known}` },
          ])
        }
        return dataset.family.changeSchema(dataset.side('source'), dataset.side('target'), {
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
