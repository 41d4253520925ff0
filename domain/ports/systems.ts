import type { System } from '../ledger/system.ts'

/** The ledger. */
export interface SystemsPort {
  /** @throws NotStoredError */
  get(system: string): Promise<System>
}
