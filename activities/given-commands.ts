import { canonicalJson } from '../domain/canonical-json.ts'
import type { MigrationEvent } from '../domain/move/event.ts'
import { carriesOut, followsSettling, isActor, settles, stands } from '../domain/move/rules/asked-for.ts'
import { QianyunError } from '../domain/errors.ts'
import type { CommandsPort, GivenCommand } from '../domain/ports/commands.ts'
import type { LaunchesPort } from '../domain/ports/launches.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { said } from '../domain/words/said.ts'
import { explained } from './failure.ts'
import { assertOwnWorkflow, carrierOf } from './own-workflow.ts'

/** Thrown when a move is asked, or said to have been asked, for something that is not on record. */
export class CommandNotGivenError extends QianyunError {
  override name = 'CommandNotGivenError'
  readonly code = 'command-not-given'

  constructor(
    readonly migration: string,
    readonly what: string,
    readonly account: string,
  ) {
    super(said('command-not-given', { migration, what, account }))
  }
}

export interface GivenCommandDeps {
  readonly commands: CommandsPort
}

export interface GivenEventDeps extends GivenCommandDeps {
  readonly launches: Pick<LaunchesPort, 'find'>
  readonly migrations: Pick<MigrationsPort, 'events'>
}

/** A command reaches its move within seconds of being put on record, or its sender has given up. */
const reachesWithinMs = 120_000

/** What holds that which Temporal brings against the record: everybody who reaches Temporal can bring anything. */
export function createGivenCommandActivities(deps: GivenCommandDeps) {
  return explained({
    /** @throws OtherWorkflowError CommandNotGivenError */
    async assertGiven(command: GivenCommand): Promise<void> {
      const { migration, requestId, name, actor } = command
      const carrier = carrierOf(migration)
      await assertOwnWorkflow(deps, { what: name, subject: migration }, (id) => id === carrier)
      const found = await deps.commands.find(migration, requestId)
      const isGiven =
        found !== undefined &&
        (found.givenAtMs > Date.now() - reachesWithinMs || (await isCarriedOut(deps, command))) &&
        found.name === name &&
        isActor(found.actor, actor) &&
        stands(found.data, command.data) &&
        stands(command.data, found.data)
      if (!isGiven) await refuse(deps, new CommandNotGivenError(migration, name, actor.account))
    },
  })
}

/** A run that begins anew after a reset is asked again for what the run before it has done. */
const isCarriedOut = async (
  { commands }: GivenCommandDeps,
  { migration, requestId }: GivenCommand,
): Promise<boolean> => (await commands.carriedOutBy(migration, requestId)).length > 0

/**
 * Refuses events that name a person who has not asked for them.
 * @throws CommandNotGivenError
 */
export async function assertEventsGiven(
  deps: GivenEventDeps,
  events: readonly MigrationEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.actor.role === 'engine' && event.command === undefined) continue
    if (await wasAskedFor(deps, event)) continue
    await refuse(deps, new CommandNotGivenError(event.migration, event.type, event.actor.account))
  }
}

async function wasAskedFor(deps: GivenEventDeps, event: MigrationEvent): Promise<boolean> {
  const { migration, actor, command: requestId, type, data } = event
  if (type === 'launched') {
    const launch = await deps.launches.find(migration)
    return (
      launch !== undefined &&
      isActor(launch.by, actor) &&
      canonicalJson(launch.plan) === canonicalJson(data.plan)
    )
  }
  if (requestId === undefined) {
    const events = followsSettling(event) ? await deps.migrations.events(migration) : []
    return events.some((other) => settles(other) && isActor(other.actor, actor))
  }
  const given = await deps.commands.find(migration, requestId)
  return (
    given !== undefined &&
    carriesOut(event, given) &&
    // One command is carried out once.
    (await deps.commands.carriedOutBy(migration, requestId)).every(
      (other) => other.type !== type || other.sequence === event.sequence,
    )
  )
}

async function refuse(deps: GivenCommandDeps, error: CommandNotGivenError): Promise<never> {
  await deps.commands.noteNotGiven(error)
  throw error
}
