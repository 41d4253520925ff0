import type { Actor } from '../../organisation.ts'
import type { Migration } from '../migration.ts'
import { releaseDomain } from '../signoff.ts'

/** The exact text an owner signs to have the old data of a move removed. */
export function releaseTextOf(
  { migration, plan, retention }: Pick<Migration, 'migration' | 'plan' | 'retention'>,
  { by, statement }: { readonly by: Pick<Actor, 'account' | 'organisation'>; readonly statement: string },
): string {
  return [
    releaseDomain,
    `migration: ${migration}`,
    `system: ${plan.system}`,
    `profile: ${plan.policy.profile}`,
    `retention-until: ${new Date(retention?.untilMs ?? 0).toISOString()}`,
    `organisation: ${by.organisation}`,
    `account: ${by.account}`,
    'decision: remove the old data',
    `statement: ${JSON.stringify(statement)}`,
    '',
  ].join('\n')
}
