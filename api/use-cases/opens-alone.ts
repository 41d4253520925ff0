import { QianyunError } from '../../domain/errors.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { fromGone } from '../../domain/move/way-back.ts'
import { playbookIn } from '../../runner/language/parse.ts'
import { said } from '../../domain/words/said.ts'
import type { ApiContext, WithStores } from '../context.ts'

/** Thrown when the rollback's playbook that a move froze goes back with both sides alone. */
export class NoWayWithoutNewSideError extends QianyunError {
  override name = 'NoWayWithoutNewSideError'
  readonly code = 'no-way-without-new-side'

  constructor(
    readonly migration: string,
    readonly playbook: string,
  ) {
    super(said('no-way-without-new-side', { migration, playbook, input: fromGone }))
  }
}

/** Makes sure that a move's own rollback can open the old side without the new one. @throws NoWayWithoutNewSideError */
export async function assertOpensAlone(
  context: WithStores<'frozenPlaybooks'> & Pick<ApiContext, 'playbooks'>,
  { migration, plan }: Migration,
): Promise<void> {
  const { rollback } = plan.playbooks
  const frozen =
    (await context.stores.frozenPlaybooks.find(rollback)) ?? (await context.playbooks.read(rollback.name))
  if (playbookIn(frozen)?.inputs[fromGone]?.type !== 'boolean')
    throw new NoWayWithoutNewSideError(migration, rollback.name)
}
