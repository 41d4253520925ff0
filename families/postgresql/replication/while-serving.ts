import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { endClient, openClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { findState } from '../server/control.ts'
import type { DatabasePort } from '../database.ts'
import { SideSilentError } from '../errors.ts'
import { NewSideNotServingError, NewSideUnknownError } from './errors.ts'
import { sideName } from '../side-name.ts'

const lookEveryMs = 500
const lookTimeoutMs = 5_000

/**
 * Runs `work` while a side serves in one generation by its own record (in any generation if none is given). The signal for `work` fires
 * with the caller's, and when the side is fenced, is disarmed, or does not answer.
 * @throws NewSideNotServingError, NewSideUnknownError
 */
export async function whileServing<T>(
  port: DatabasePort,
  generation: number | undefined,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = await openClient(port, 'while-serving', controlDatabase).catch((error: unknown) => {
    throw new NewSideUnknownError(sideName(port), { cause: error })
  })
  const over = new AbortController()
  const done = new AbortController()
  try {
    await assertServing(control, port, generation)
    void keepLooking(control, port, generation, done.signal).catch((error: unknown) => {
      over.abort(error)
    })
    return await work(AbortSignal.any([signal, over.signal]))
  } finally {
    done.abort()
    // Not awaited: it would wait for a server that is gone.
    void endClient(control)
  }
}

async function keepLooking(
  control: pg.Client,
  port: DatabasePort,
  generation: number | undefined,
  done: AbortSignal,
): Promise<void> {
  for (;;) {
    await sleep(lookEveryMs, undefined, { signal: done })
    await assertServing(control, port, generation)
  }
}

async function assertServing(
  control: pg.Client,
  port: DatabasePort,
  generation: number | undefined,
): Promise<void> {
  const late = sleep(lookTimeoutMs, undefined, { ref: false }).then(() => {
    throw new SideSilentError(sideName(port), lookTimeoutMs)
  })
  late.catch(() => undefined)
  const state = await Promise.race([findState(control, port.database), late]).catch((error: unknown) => {
    throw new NewSideUnknownError(sideName(port), { cause: error })
  })
  if (state?.state === 'open' && state.generation === (generation ?? state.generation)) return
  throw new NewSideNotServingError(sideName(port), generation, state)
}
