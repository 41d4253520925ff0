import type { Actor } from '../../organisation.ts'
import type { Migration } from '../migration.ts'
import { releaseText } from '../signoff.ts'

/** The text that a release of this move has to be signed under. */
export function releaseTextOf(
  m: Pick<Migration, 'migration' | 'plan' | 'retention'>,
  { by, statement }: { readonly by: Actor; readonly statement: string },
): string {
  return releaseText({
    migration: m.migration,
    system: m.plan.system,
    profile: m.plan.policy.profile,
    retentionUntilMs: m.retention?.untilMs ?? 0,
    organisation: by.organisation,
    account: by.account,
    statement,
  })
}
