import { createHash } from 'node:crypto'
import { WorkflowNotFoundError } from '@temporalio/common'
import { refuse, type Command, type CommandData, type CommandName } from '../../domain/move/command.ts'
import { refusal } from '../../domain/move/rules/commands.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { isOver } from '../../domain/move/phase.ts'
import { RequestReusedError } from '../../storage/errors.ts'
import { askedDigest } from '../../storage/digest.ts'
import {
  commandUpdates,
  migrationWorkflowId,
  type CommandRequest,
} from '../../workflows/migration/messages.ts'
import type { ApiContext, WithStores } from '../context.ts'
import type { CommandAnswer } from '../contract.ts'
import { CommandRefusedError, MoveEndedOutsideError } from '../../moves/errors.ts'
import { isProjected, type ProjectionContext } from './projection.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'
import { assertTakesPart } from './visibility.ts'

type CommandContext = ProjectionContext & WithStores<'commands'> & Pick<ApiContext, 'temporal' | 'moves'>

/** Who gives a command to which move, under the key and with the content of which request. */
export interface CommandFrom {
  readonly move: Migration
  readonly actor: Actor
  readonly requestId: string
  readonly bodyDigest: string
}

/**
 * Hands a person's command to the move's workflow, whose rules take or refuse it, and waits a little until the
 * projection shows it.
 * @throws CommandRefusedError OtherOrganisationError MoveEndedOutsideError NotAnsweredError
 */
export async function giveCommand<N extends CommandName>(
  context: CommandContext,
  given: CommandFrom,
  name: N,
  data: CommandData[N],
): Promise<CommandAnswer> {
  const { move, actor } = given
  assertTakesPart(actor, move.plan.organisations)
  const command = { name, ...data } as unknown as Command
  // The workflow id is the system's: without this, a command for an ended move would reach the one launched after it.
  if (isOver(move)) refuseByRules(move, command, actor)
  const requestId = commandId(given, name)
  const contentDigest = askedDigest(data)
  // The move takes nothing that is not on record.
  await context.stores.commands
    .give(
      { migration: move.migration, requestId, name, actor, data, bodyDigest: given.bodyDigest },
      Date.now(),
    )
    .catch((error: unknown) => {
      throw error instanceof RequestReusedError ? new CommandRefusedError(refuse('request-id-reused')) : error
    })
  const sequence = await update(context, move, name, { requestId, contentDigest, actor, data }, command)
  const projected = await isProjected(context, move.migration, sequence)
  return { requestId: given.requestId, migration: move.migration, sequence, projected }
}

/**
 * The answer that the same request got when it came before: its command has been carried out. Undefined when it has not.
 * @throws CommandRefusedError when its key stands for a request with another content
 */
export async function answeredBefore(
  context: CommandContext,
  given: CommandFrom,
  name: CommandName,
): Promise<CommandAnswer | undefined> {
  const { migration } = given.move
  const id = commandId(given, name)
  const before = await context.stores.commands.find(migration, id)
  if (before === undefined) return undefined
  const sequences = (await context.stores.commands.carriedOutBy(migration, id)).map(
    ({ sequence }) => sequence,
  )
  if (sequences.length === 0) return undefined
  if (before.bodyDigest !== given.bodyDigest) throw new CommandRefusedError(refuse('request-id-reused'))
  return { requestId: given.requestId, migration, sequence: Math.max(...sequences), projected: true }
}

const commandId = ({ move, actor, requestId }: CommandFrom, name: CommandName): string =>
  `${actor.account}/${move.migration}/${name}/${requestId}`

async function update<N extends CommandName>(
  context: CommandContext,
  move: Migration,
  name: N,
  request: CommandRequest<N>,
  command: Command,
): Promise<number> {
  const workflow = context.temporal.workflow.getHandle(migrationWorkflowId(move.plan.system))
  const deadline = Date.now() + context.settings.commandTimeoutMs
  try {
    const receipt = await context.temporal.withDeadline(deadline, () =>
      workflow.executeUpdate(commandUpdates[name], {
        args: [request],
        updateId: updateId(request),
      }),
    )
    return receipt.sequence
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      // It ended a moment ago, or was ended from outside; the record says which.
      const now = await context.stores.migrations.get(move.migration)
      refuseByRules(now, command, request.actor)
      const end = await context.moves.watch.look(now)
      if (end !== undefined) throw new MoveEndedOutsideError(now, end)
    }
    throw meaningOf(error) ?? error
  }
}

function refuseByRules(move: Migration, command: Command, actor: Actor): void {
  const refused = refusal(move, command, actor, Date.now())
  if (refused !== undefined) throw new CommandRefusedError(refused)
}

/** Temporal's ids are shorter than accounts, moves and keys together may be. */
function updateId({ requestId, contentDigest = '' }: CommandRequest): string {
  return createHash('sha256').update(`${requestId}/${contentDigest}`).digest('hex')
}
