import { type WasWaived, wasWaivedIn } from '../domain/assessment/assessed-waivers.ts'
import type { Assessment, Finding } from '../domain/assessment/finding.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'

/** What waivers covered in a dataset as a move was assessed; undefined before its assessment. */
export async function assessedWaivers(
  { migrations, facts }: { readonly migrations: Pick<MigrationsPort, 'get'>; readonly facts: FactsPort },
  migration: string,
  dataset: string,
): Promise<WasWaived | undefined> {
  const { assessment } = await migrations.get(migration)
  return assessment === undefined ? undefined : wasWaivedIn(await keptFindings(facts, assessment), dataset)
}

/** Every finding of an assessment. @throws NotStoredError AlteredError */
export async function keptFindings(
  facts: FactsPort,
  { findingsDigest }: Pick<Assessment, 'findingsDigest'>,
): Promise<readonly Finding[]> {
  return JSON.parse(await facts.text(findingsDigest)) as Finding[]
}
