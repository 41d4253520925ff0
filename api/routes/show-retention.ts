import { isSwitched } from '../../domain/move/switches.ts'
import { wayBackStanding } from '../../domain/move/rules/way-back-standing.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { datasetNames } from '../../domain/plan/file-trees.ts'
import type { WithStores } from '../context.ts'
import { routes, type RetentionView } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { mutable } from '../views/move.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const showRetention = handle(routes.showRetention, async ({ params, account }, context) => {
  const move = await visibleMove(context, account, params.system)
  const { retention, schemaChange, plan, migration } = move
  return {
    migration,
    system: plan.system,
    profile: plan.policy.profile,
    state: stateOf(move, Date.now()),
    ...mutable(retention ?? {}),
    wayBack: wayBackOf(move),
    ...(await oldSideCurrent(context, move)),
    ...(schemaChange === undefined ? {} : { schemaChange: mutable(schemaChange) }),
    measurements: mutable(await context.stores.measurements.recentWayBack(migration, 50)),
  }
})

function wayBackOf(move: Migration): RetentionView['wayBack'] {
  const state = wayBackStanding(move)
  const recorded = move.retention?.wayBack
  if (recorded?.state === state) return mutable(recorded)
  const atMs = move.switches.at(-1)?.atMs
  return { state, reasons: [], ...(atMs === undefined ? {} : { atMs }) }
}

/** At the switch everything was there; what came since is known by what has arrived. */
async function oldSideCurrent(
  { stores }: WithStores<'measurements'>,
  move: Migration,
): Promise<Pick<RetentionView, 'oldSideCurrentUntilMs'>> {
  const cutOverAtMs = move.switches.at(-1)?.atMs
  if (cutOverAtMs === undefined || !isSwitched(move)) return {}
  const arrived = await Promise.all(
    datasetNames(move.plan).map(async (dataset) => {
      const arrivedMs = (await stores.measurements.newestArrivalMs(move.migration, dataset)) ?? 0
      return [dataset, Math.max(cutOverAtMs, arrivedMs)] as const
    }),
  )
  return { oldSideCurrentUntilMs: Object.fromEntries(arrived) }
}

function stateOf(move: Migration, nowMs: number): RetentionView['state'] {
  const { retention } = move
  if (retention === undefined) return 'not-begun'
  if (move.phase !== 'retention') return 'ended'
  if (retention.release !== undefined) return 'released'
  return nowMs < retention.untilMs ? 'running' : 'time-reached'
}
