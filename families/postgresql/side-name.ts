import type { DatabasePort } from './database.ts'

/** What a side is known by: the name it is bound to, and where it lies. */
export type NamedSide = Pick<DatabasePort, 'called' | 'address' | 'port' | 'database'>

/** A side as every sentence names it: `"source" (10.1.2.11:5432/permit)`. A bare name tells nobody which host that is. */
export function sideName({ called, address, port, database }: NamedSide): string {
  return `"${called}" (${address}:${port}/${database})`
}
