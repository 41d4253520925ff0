import { ApplicationFailure } from '@temporalio/common'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { commandRoles, type CommandName } from '../../domain/move/command.ts'
import { engineActor, type Actor } from '../../domain/organisation.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { actors } from '../../test/support/actors.ts'
import { commandUpdates, migrationWorkflowId } from '../../workflows/migration/messages.ts'
import type { Attack } from './attack.ts'
import { mangled } from './mangle.ts'

const people: Readonly<Record<string, Actor>> = { ...actors, engine: engineActor }

/** Commands by whoever reaches Temporal past the API, in the name of those who may give them. */
export const madeUpCommands: Attack = async ({ api, client, subject }, dice) => {
  const name = dice.one(Object.keys(commandUpdates) as CommandName[])
  const actor = people[dice.one(commandRoles[name])] ?? engineActor
  const text = mangled(dice, 'as the owner says')
  const data = { reason: text, task: subject.task, note: text, evidence: [], statement: text, decision: 'go' }
  const before = await new MigrationStore(api.pool).sequenceOf(subject.migration)
  const requestId = `made-up-${String(dice.between(0, 1e12))}`
  const handle = client.workflow.getHandle(migrationWorkflowId(subject.system))
  const code = await handle
    .executeUpdate(commandUpdates[name] as never, { args: [{ requestId, actor, data }] as never })
    .then(
      () => undefined,
      (error: unknown) => {
        const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error
        return cause instanceof ApplicationFailure ? cause.type : String(cause)
      },
    )
  const now = await new MigrationStore(api.pool).sequenceOf(subject.migration)
  const isTaken = code === undefined || now !== before
  return { attacks: 1, succeeded: isTaken ? [`${name} in the name of ${actor.account} was taken`] : [] }
}
