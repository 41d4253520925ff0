import { refuse } from '../../domain/move/command.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { contraryRefusal, recoverRefusal } from '../../domain/move/recovery.ts'
import type { WorkflowEnd } from '../../domain/move/workflow-end.ts'
import type { Actor } from '../../domain/organisation.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import type { ApiContext, WithStores } from '../context.ts'
import { MoveRunsError } from '../errors/ended-outside.ts'
import { assertNoPlaybookRuns } from './acknowledge-end.ts'
import { lookAtSides } from './look-at-sides.ts'
import { assertTakesPart } from './visibility.ts'

/**
 * Has a new workflow carry a move on from its record, after its own ended from outside. The request is recorded first, as an event by the
 * person: whoever is cut off between the two gives the same command again. One that runs by this person's word already is left as it is.
 * @throws CommandRefusedError OtherOrganisationError MoveRunsError PlaybookRunsError PlacesTakenError NotAnsweredError
 */
export async function recoverMove(
  context: WithStores<'migrations' | 'playbookRuns'> & Pick<ApiContext, 'temporal' | 'moves'>,
  m: Migration,
  by: Actor,
  { reason }: { readonly reason: string },
): Promise<Migration> {
  assertTakesPart(by, m.plan.organisations)
  const refused = recoverRefusal(m) ?? (await refusalByNewer(context, m))
  if (refused !== undefined) throw new CommandRefusedError(refused)
  const end = m.endedOutside?.end ?? (await context.moves.watch.look(m))
  if (end === undefined) {
    if (m.recovered?.by.account === by.account && m.recovered.reason === reason) return m
    throw new MoveRunsError(m.migration)
  }
  await assertNoPlaybookRuns(context, m.migration)
  const recorded = await record(context, m, by, { end, reason })
  await context.moves.launcher.carryOn(recorded)
  // What Temporal said of its end is over, whoever else looks.
  await context.moves.watch.look(recorded)
  return recorded
}

/** A move is carried by its system's workflow, which another one has since. */
async function refusalByNewer(
  { stores }: WithStores<'migrations'>,
  { migration, plan, standing }: Migration,
) {
  const newest = await stores.migrations.find(plan.system)
  return newest?.migration === migration
    ? undefined
    : refuse('migration-over', { system: plan.system, standing })
}

async function record(
  context: WithStores<'migrations'> & Pick<ApiContext, 'temporal'>,
  m: Migration,
  actor: Actor,
  asked: { readonly end: WorkflowEnd; readonly reason: string },
): Promise<Migration> {
  const { old, new: newSide } = await lookAtSides(context, m)
  const found = { old, new: newSide }
  const contrary = contraryRefusal(m, found)
  if (contrary !== undefined) throw new CommandRefusedError(contrary)
  // Recorded before, and its workflow never began.
  if (m.recovered?.sequence === m.sequence) return m
  return context.stores.migrations.recover({
    migration: m.migration,
    sequence: m.sequence + 1,
    atMs: Date.now(),
    actor,
    type: 'recovered',
    data: { ...asked, sides: found },
  })
}
