import { setTimeout as sleep } from 'node:timers/promises'
import { OwnDatabaseAwayError } from '../domain/ports/errors.ts'

export interface Waits {
  /** How long a call waits before it fails with what the database said last. */
  readonly forMs?: number
  readonly betweenMs?: number
  /** Told once for each call that waits. */
  readonly say?: (error: OwnDatabaseAwayError) => void
}

/** The recording of a step that is done on hosts already must not fail because the product's own database is started anew. */
const waitsForMs = 600_000

type Method = (...args: unknown[]) => Promise<unknown>

/**
 * The same store, each of whose calls waits while the product's own database is away and is made again then. For stores whose
 * calls may be made twice: nobody knows whether a call that was cut off has arrived.
 */
export function waitingFor<S extends object>(store: S, waits: Waits = {}): S {
  return new Proxy(store, {
    get(target, name, receiver) {
      const found: unknown = Reflect.get(target, name, receiver)
      if (typeof found !== 'function') return found
      return async (...args: unknown[]) => waited(async () => (found as Method).apply(target, args), waits)
    },
  })
}

async function waited<T>(
  call: () => Promise<T>,
  { forMs = waitsForMs, betweenMs = 250, say }: Waits,
): Promise<T> {
  const beganAtMs = performance.now()
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof OwnDatabaseAwayError) || performance.now() - beganAtMs > forMs) throw error
      if (tries === 1) say?.(error)
      await sleep(betweenMs)
    }
  }
}
