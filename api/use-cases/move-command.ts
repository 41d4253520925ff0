import type { z } from 'zod'
import type { CommandData, CommandName } from '../../domain/move/command.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Task } from '../../domain/move/task.ts'
import type { ApiContext } from '../context.ts'
import type { MoveParams, TaskParams } from '../contract/identifiers.ts'
import type { CommandAnswer } from '../contract/commands.ts'
import type { Route } from '../contract.ts'
import { UnknownTaskError } from '../errors/asked.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { answeredBefore, giveCommand } from './give-command.ts'
import { handle, type Asked, type Handler } from '../http/handler.ts'
import { visibleMove } from './visibility.ts'

type CommandRoute<P extends z.ZodType> = Route<P, z.ZodType, z.ZodType, typeof CommandAnswer>

/** Joins a route with the command it gives to the move its path names. `dataOf` may refuse by throwing. */
export function moveCommand<N extends CommandName, R extends CommandRoute<typeof MoveParams>>(
  route: R,
  name: N,
  dataOf: (asked: Asked<R>, move: Migration, context: ApiContext) => CommandData[N] | Promise<CommandData[N]>,
): Handler {
  return handle<CommandRoute<typeof MoveParams>>(route, async (asked, context) => {
    const { params, account, actor, requestId } = asked
    const move = await visibleMove(context, account, params.system)
    const from = { move, actor, requestId, bodyDigest: bodyDigestOf(asked) }
    // Before anything is asked of the move: it has gone on since.
    const answered = await answeredBefore(context, from, name)
    return answered ?? giveCommand(context, from, name, await dataOf(asked, move, context))
  })
}

/** Joins a route with the command it gives about the task its path names. */
export function taskCommand<N extends CommandName, R extends CommandRoute<typeof TaskParams>>(
  route: R,
  name: N,
  dataOf: (
    asked: Asked<R>,
    at: { readonly move: Migration; readonly task: Task },
    context: ApiContext,
  ) => CommandData[N] | Promise<CommandData[N]>,
): Handler {
  return handle<CommandRoute<typeof TaskParams>>(route, async (asked, context) => {
    const { params, account, actor, requestId } = asked
    const move = await visibleMove(context, account, params.migration)
    const from = { move, actor, requestId, bodyDigest: bodyDigestOf(asked) }
    const answered = await answeredBefore(context, from, name)
    if (answered !== undefined) return answered
    const data = await dataOf(asked, { move, task: taskOf(move, params.task) }, context)
    return giveCommand(context, from, name, data)
  })
}

/** Of all that a request says beside its key. */
const bodyDigestOf = ({ params, body }: { readonly params: unknown; readonly body: unknown }): string =>
  jsonDigest({ params, body: body ?? null })

/** @throws UnknownTaskError */
export function taskOf(move: Migration, id: string): Task {
  const found = move.tasks.find((task) => task.id === id)
  if (found === undefined) throw new UnknownTaskError(move.migration, id)
  return found
}
