import { createHash } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { CommandData, CommandName } from '../domain/move/command.ts'
import type { Migration } from '../domain/move/migration.ts'
import { engineActor } from '../domain/organisation.ts'
import type { CommandsPort } from '../domain/ports/commands.ts'
import { commandUpdates, migrationWorkflowId } from '../workflows/migration/messages.ts'

export interface TellsMoves {
  readonly temporal: Client
  readonly commands: Pick<CommandsPort, 'give'>
}

/** A move as it was when something was found of it. */
export type MoveAtLook = Pick<Migration, 'migration' | 'sequence'> & {
  readonly plan: Pick<Migration['plan'], 'system'>
}

/**
 * Tells a move, in the product's own name, what a look at it has found. The same news of the same state is one request, whoever tells it
 * how often; news that differ in anything are others, also where the first were put on record and never arrived.
 * @throws what Temporal's client throws
 */
export async function tellMove<N extends CommandName>(
  { temporal, commands }: TellsMoves,
  { migration, sequence, plan }: MoveAtLook,
  {
    name,
    data,
    withinMs = 10_000,
  }: { readonly name: N; readonly data: CommandData[N]; readonly withinMs?: number },
): Promise<void> {
  const digest = createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(data))))
    .digest('hex')
    .slice(0, 16)
  const requestId = `engine/${migration}/${name}/${String(sequence)}/${digest}`
  await commands.give({ migration, requestId, name, actor: engineActor, data }, Date.now())
  await temporal.withDeadline(Date.now() + withinMs, () =>
    temporal.workflow.getHandle(migrationWorkflowId(plan.system)).executeUpdate(commandUpdates[name], {
      args: [{ requestId, actor: engineActor, data }],
      updateId: requestId,
    }),
  )
}
