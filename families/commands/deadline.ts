import { DeadlinePassedError } from './errors.ts'

/**
 * Does something with a signal that fires with the caller's, and after a time. The timer is our own: a signal of AbortSignal.timeout that only
 * AbortSignal.any knows may be collected unfired (nodejs/node#57736).
 */
export async function before<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new DeadlinePassedError(timeoutMs)), Math.max(0, timeoutMs))
  try {
    return await work(AbortSignal.any([signal, over.signal]))
  } finally {
    clearTimeout(timer)
  }
}
