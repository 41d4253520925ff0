import { InvalidInputError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { PlaybookRef } from '../../domain/playbook/files.ts'
import { sha256Hex } from '../../storage/digest.ts'
import type { PlaybookOccasion } from '../../workflows/playbook-desk/messages.ts'
import type { ApiContext, WithStores } from '../context.ts'
import type { BodyOf, Routes } from '../contract.ts'
import type { Asked } from '../http/handler.ts'
import { actionablePlan } from './visibility.ts'

type PlaybookRoute = Routes['planPlaybook'] | Routes['runPlaybook']

/**
 * Which playbook, as its files are now, on which hosts. Host keys are those pinned in a move by this very plan: what was approved
 * for the hosts of one plan says nothing of another's.
 * @throws UnknownPlaybookError InvalidInputError HiddenError NotAnsweredError
 */
export async function occasionOf(
  context: WithStores<'plans' | 'systems' | 'migrations' | 'frozenPlaybooks'> &
    Pick<ApiContext, 'playbooks' | 'moves'>,
  asked: Pick<Asked<PlaybookRoute>, 'params' | 'account' | 'actor' | 'requestId'> & {
    readonly body: BodyOf<PlaybookRoute>
  },
): Promise<PlaybookOccasion> {
  const { params, body, account, actor, requestId } = asked
  const folder = await context.playbooks.read(params.name)
  const { ref, problems } = folder
  if (problems.length > 0)
    throw new InvalidInputError(said('the-playbook', { playbook: params.name }), problems)
  const { content: plan } = await actionablePlan(context, account, body.plan)
  const move = await context.stores.migrations.find(plan.system)
  const insteadOf = move && (await isSwitchOf(context, move, plan, ref)) ? move.migration : undefined
  await context.stores.frozenPlaybooks.keep([folder])
  return {
    // Runs of different people and plans never share a journal, whatever key they chose.
    runId: `${params.name}-${sha256Hex(JSON.stringify([actor.account, plan.plan, requestId])).slice(0, 16)}`,
    playbook: ref,
    plan,
    hosts: body.hosts,
    databases: body.databases,
    hostKeys: move?.plan.plan === plan.plan ? move.hostKeys : {},
    inputs: body.inputs,
    by: actor,
    ...(insteadOf === undefined ? {} : { insteadOf }),
  }
}

/** A move whose workflow is gone can switch no more: people finish, or undo, its switch with its own frozen playbooks. */
async function isSwitchOf(
  { moves }: Pick<ApiContext, 'moves'>,
  move: Migration,
  plan: MigrationPlan,
  { digest }: PlaybookRef,
): Promise<boolean> {
  const { cutover, rollback } = move.plan.playbooks
  if (plan.plan !== move.plan.plan || (digest !== cutover.digest && digest !== rollback.digest)) return false
  return move.standing === 'ended-outside' || (await moves.watch.look(move)) !== undefined
}
