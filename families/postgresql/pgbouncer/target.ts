import type { DatabasePort } from '../database.ts'
import type { EntryTarget } from './databases-file.ts'

/** The target of a line that stands for a side. */
export function targetOf(port: Pick<DatabasePort, 'address' | 'port' | 'database'>): EntryTarget {
  return { host: port.address, port: port.port, database: port.database }
}

export function sameTarget(one: EntryTarget, other: EntryTarget): boolean {
  return one.host === other.host && one.port === other.port && one.database === other.database
}
