import { PooledRestEntry } from '../pgbouncer/rest-entry.ts'
import type { EntryDuty } from './duty.ts'
import type { RestEntry } from './entry.ts'

/** The entry of a guardian's duty. */
export function entryOnDuty({ kind: _, ...pooler }: EntryDuty): RestEntry {
  return new PooledRestEntry(pooler)
}
