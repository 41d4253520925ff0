import { setTimeout as sleep } from 'node:timers/promises'
import { StepTimeoutError } from './errors.ts'

/** How long a stopped step may take to kill its processes before it is abandoned. */
const graceMs = 10_000

/**
 * Runs `work` with a signal that fires when the time is over or the caller aborts.
 * @throws StepTimeoutError; the caller's own reason if `signal` fired
 */
export async function withinTime<T>(
  stepId: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const timeout = new AbortController()
  const timer = setTimeout(() => {
    timeout.abort(new StepTimeoutError(stepId, timeoutMs))
  }, timeoutMs)
  const stop = AbortSignal.any([signal, timeout.signal])
  const working = work(stop)
  try {
    await Promise.race([working, whenAborted(stop)])
    stop.throwIfAborted()
    return await working
  } catch (error) {
    if (!stop.aborted) throw error
    const settled = working.then(
      () => undefined,
      () => undefined,
    )
    await Promise.race([settled, sleep(graceMs, undefined, { ref: false })])
    throw stop.reason as Error
  } finally {
    clearTimeout(timer)
  }
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve()
      },
      { once: true },
    )
  })
}
