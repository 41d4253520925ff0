import { canonicalJson } from '../domain/canonical-json.ts'
import { eventsOf } from '../domain/move/command-events.ts'
import type { MigrationEvent } from '../domain/move/event.ts'
import { QianyunError } from '../domain/errors.ts'
import type { CommandsPort, GivenCommand } from '../domain/ports/commands.ts'
import type { LaunchesPort } from '../domain/ports/launches.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { said } from '../domain/words/said.ts'
import { explained } from './failure.ts'

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
    /** @throws CommandNotGivenError */
    async assertGiven(command: GivenCommand): Promise<void> {
      const { migration, requestId, name, actor } = command
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
  // What the product does when a person has asked for the sides to be settled is done in that person's name.
  if (requestId === undefined) {
    const settles = type === 'rollback-requested' || type === 'cutover-aborted'
    const events = settles ? await deps.migrations.events(migration) : []
    return events.some(
      (other) =>
        (other.type === 'settle-requested' || other.type === 'recovered') && isActor(other.actor, actor),
    )
  }
  const given = await deps.commands.find(migration, requestId)
  return (
    given !== undefined &&
    isActor(given.actor, actor) &&
    eventsOf[given.name].includes(type) &&
    (type !== eventsOf[given.name][0] || stands(given.data, data)) &&
    // One command is carried out once.
    (await deps.commands.carriedOutBy(migration, requestId)).every(
      (other) => other.type !== type || other.sequence === event.sequence,
    )
  )
}

const isActor = (one: MigrationEvent['actor'], other: MigrationEvent['actor']): boolean =>
  one.account === other.account && one.role === other.role && one.organisation === other.organisation

/** Whether everything asked for stands in an event as it was asked, but for times: a move has a clock of its own. */
function stands(asked: unknown, found: unknown): boolean {
  if (typeof asked !== 'object' || asked === null) return asked === found
  if (typeof found !== 'object' || found === null || Array.isArray(asked) !== Array.isArray(found))
    return false
  return Object.entries(asked).every(
    ([key, value]) => key === 'atMs' || stands(value, (found as Readonly<Record<string, unknown>>)[key]),
  )
}

async function refuse(deps: GivenCommandDeps, error: CommandNotGivenError): Promise<never> {
  await deps.commands.noteNotGiven(error)
  throw error
}
