import type { ApiContext } from '../context.ts'

const projectionTimeoutMs = 5_000

/** Waits, not for ever, until a move's projection has reached a sequence; false when it has not in time. */
export async function isProjected(
  context: ApiContext,
  migration: string,
  sequence: number,
): Promise<boolean> {
  const deadline = Date.now() + (context.projectionTimeoutMs ?? projectionTimeoutMs)
  for (;;) {
    // Listening begins before looking: what is recorded between the two is announced.
    const announced = nextAnnouncement(context, migration, Math.min(deadline - Date.now(), 500))
    if ((await context.migrations.sequenceOf(migration)) >= sequence) {
      announced.stop()
      return true
    }
    await announced.heard
    if (Date.now() >= deadline) return false
  }
}

function nextAnnouncement(context: ApiContext, migration: string, withinMs: number) {
  let stop: () => void = () => undefined
  const heard = new Promise<void>((resolve) => {
    const forget = context.feed.listen((announcement) => {
      if (announcement === undefined || announcement.migration === migration) stop()
    })
    const timer = setTimeout(() => stop(), Math.max(withinMs, 0))
    stop = () => {
      forget()
      clearTimeout(timer)
      resolve()
    }
  })
  return { heard, stop: () => stop() }
}
