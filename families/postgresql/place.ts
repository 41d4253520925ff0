import type { DatabasePort } from './database.ts'

/** A database by its address, as messages name it. */
export function place({
  address,
  port,
  database,
}: Pick<DatabasePort, 'address' | 'port' | 'database'>): string {
  return `${address}:${String(port)}/${database}`
}
