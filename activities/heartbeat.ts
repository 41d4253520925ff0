import { Context } from '@temporalio/activity'

/**
 * Runs `work` with a heartbeat each `everyMs`, whatever the work itself is busy with. The signal it gets fires when the
 * activity is cancelled or its worker shuts down. `details` is what the next attempt is to begin with.
 */
export async function withHeartbeat<T>(
  everyMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  details: () => unknown = () => undefined,
): Promise<T> {
  const context = Context.current()
  const timer = setInterval(() => {
    context.heartbeat(details())
  }, everyMs)
  try {
    return await work(context.cancellationSignal)
  } finally {
    clearInterval(timer)
  }
}
