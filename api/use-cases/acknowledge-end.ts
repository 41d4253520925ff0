import { refuse } from '../../domain/move/command.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { isOver } from '../../domain/move/phase.ts'
import { servingSide, type EndAcknowledgement, type Side } from '../../domain/move/workflow-end.ts'
import type { ApiContext, WithStores } from '../context.ts'
import {
  MoveRunsError,
  OtherSideServesError,
  PlaybookRunsError,
  SidesUnknownError,
} from '../errors/ended-outside.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'
import { lookAtSides } from './look-at-sides.ts'
import { assertTakesPart } from './visibility.ts'

/**
 * Records a person's confirmation that a move whose workflow ended from outside is over, with the side that serves. The sides
 * themselves are asked; the person's answer counts only where they do not answer. The same again changes nothing; given
 * anew after the sides were switched by hand it says what serves now.
 * @throws CommandRefusedError OtherOrganisationError MoveRunsError PlaybookRunsError SidesUnknownError OtherSideServesError
 */
export async function acknowledgeEnd(
  context: WithStores<'migrations' | 'playbookRuns'> & Pick<ApiContext, 'temporal' | 'moves'>,
  m: Migration,
  by: Actor,
  given: { readonly reason: string; readonly serves?: Side | undefined },
): Promise<{ readonly sequence: number; readonly serves: Side }> {
  assertTakesPart(by, m.plan.organisations)
  if (isOver(m) && m.standing !== 'ended-outside') {
    throw new CommandRefusedError(refuse('migration-over', { system: m.plan.system, standing: m.standing }))
  }
  const end = m.endedOutside?.end ?? (await context.moves.watch.look(m))
  if (end === undefined) throw new MoveRunsError(m.migration)
  await assertNoPlaybookRuns(context, m.migration)
  const side = await sideThatServes(context, m, given.serves)
  if (m.endedOutside?.acknowledged?.serves === side.serves)
    return { sequence: m.sequence, serves: side.serves }
  const event: MigrationEvent = {
    migration: m.migration,
    sequence: m.sequence + 1,
    atMs: Date.now(),
    actor: by,
    type: 'ended-outside',
    data: { end, reason: given.reason, ...side },
  }
  // An event that the workflow's last activity still records meanwhile makes this one a conflict, and nothing is written.
  const { sequence } = await context.stores.migrations.append([event])
  return { sequence, serves: side.serves }
}

/** A playbook is asked to stop when its move's workflow ends, and people may run one in its place: both may be at work. */
export async function assertNoPlaybookRuns(
  { temporal, stores }: WithStores<'playbookRuns'> & Pick<ApiContext, 'temporal'>,
  migration: string,
): Promise<void> {
  const query = `ExecutionStatus = 'Running' AND (WorkflowType = 'playbookRun' OR WorkflowId STARTS_WITH 'playbook/${migration}/')`
  const { executions } = await temporal
    .withDeadline(Date.now() + 5_000, () =>
      temporal.workflowService.listWorkflowExecutions({
        namespace: temporal.options.namespace,
        query,
        pageSize: 100,
      }),
    )
    .catch((error: unknown) => {
      throw meaningOf(error) ?? error
    })
  for (const { execution } of executions) {
    const id = execution?.workflowId ?? ''
    const [, runId] = /^playbook-run\/(.*)$/.exec(id) ?? []
    const alone = runId === undefined ? undefined : await stores.playbookRuns.find(runId)
    if (runId === undefined || alone?.request.migration === migration)
      throw new PlaybookRunsError(migration, id)
  }
}

function endingCommands({ plan: { plan, playbooks } }: Migration): readonly string[] {
  const run = (playbook: string, from: string, to: string): string =>
    `qianyun playbook run ${playbook} --plan ${plan} --host from=${from} --host to=${to} --database from=${from} --database to=${to}`
  return [run(playbooks.cutover.name, 'source', 'target'), run(playbooks.rollback.name, 'target', 'source')]
}

async function sideThatServes(
  context: Pick<ApiContext, 'temporal'>,
  m: Migration,
  word: Side | undefined,
): Promise<Pick<EndAcknowledgement, 'serves' | 'servesBy'>> {
  const found = await lookAtSides(context, m)
  const seen = servingSide(found)
  if (seen === undefined || seen === 'mixed') {
    if (word === undefined) throw new SidesUnknownError(m.migration, found, endingCommands(m), m.plan.system)
    return { serves: word, servesBy: 'word' }
  }
  if (word !== undefined && word !== seen) throw new OtherSideServesError(m.migration, word, seen)
  return { serves: seen, servesBy: 'look' }
}
