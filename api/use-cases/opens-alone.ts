import { QianyunError } from '../../domain/errors.ts'
import type { Migration } from '../../domain/move/migration.ts'
import { fromGone } from '../../domain/move/way-back.ts'
import type { PlaybookFolder, PlaybookRef } from '../../domain/playbook/files.ts'
import { playbookIn } from '../../runner/language/parse.ts'
import { said } from '../../domain/words/said.ts'
import type { ApiContext, WithStores } from '../context.ts'

/** Thrown when no playbook that a move may use opens the old side without the new one. */
export class NoWayWithoutNewSideError extends QianyunError {
  override name = 'NoWayWithoutNewSideError'
  readonly code = 'no-way-without-new-side'

  constructor(
    readonly migration: string,
    readonly playbook: string,
  ) {
    super(said('no-way-without-new-side', { migration, playbook, input: fromGone, instead: shipped }))
  }
}

/** The rollback that is shipped, whose steps take their places from the plan. */
const shipped = 'system-rollback'

/**
 * Makes sure that a move can open the old side without the new one: by its own rollback, or, where that was frozen before there was such a way,
 * by the one of the same name as it is now, or the shipped one. What is used instead is frozen.
 * @throws NoWayWithoutNewSideError
 */
export async function opensAlone(
  context: WithStores<'frozenPlaybooks'> & Pick<ApiContext, 'playbooks'>,
  { migration, plan }: Migration,
): Promise<{ readonly instead?: PlaybookRef }> {
  const { rollback } = plan.playbooks
  const { frozenPlaybooks } = context.stores
  const frozen = (await frozenPlaybooks.find(rollback)) ?? (await context.playbooks.read(rollback.name))
  if (isOneSided(frozen)) return {}
  for (const name of new Set([rollback.name, shipped])) {
    const folder = await context.playbooks.read(name).catch(() => undefined)
    if (folder === undefined || folder.problems.length > 0 || !isOneSided(folder)) continue
    await frozenPlaybooks.keep([folder])
    return { instead: folder.ref }
  }
  throw new NoWayWithoutNewSideError(migration, rollback.name)
}

const isOneSided = (folder: PlaybookFolder): boolean =>
  playbookIn(folder)?.inputs[fromGone]?.type === 'boolean'
