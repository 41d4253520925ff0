import { DirectRestEntry } from '../direct/rest-entry.ts'
import { PooledRestEntry } from '../pgbouncer/rest-entry.ts'
import type { EntryDuty } from './duty.ts'
import type { RestEntry } from './entry.ts'

/** The entry of a guardian's duty. */
export function entryOnDuty(duty: EntryDuty): RestEntry {
  switch (duty.kind) {
    case 'pgbouncer':
      return new PooledRestEntry({ name: duty.name, console: duty.console })
    case 'none':
      return new DirectRestEntry()
  }
}
