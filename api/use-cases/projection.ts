import type { ApiContext, WithStores } from '../context.ts'

export type ProjectionContext = WithStores<'migrations'> & Pick<ApiContext, 'feed' | 'settings'>

/** Waits, not for ever, until a move's projection has reached a sequence; false when it has not in time. */
export async function isProjected(
  context: ProjectionContext,
  migration: string,
  sequence: number,
): Promise<boolean> {
  const deadline = Date.now() + context.settings.projectionTimeoutMs
  for (;;) {
    // Listening begins before looking: what is recorded between the two is announced.
    const announced = nextAnnouncement(context, migration, Math.min(deadline - Date.now(), 500))
    if ((await context.stores.migrations.sequenceOf(migration)) >= sequence) {
      announced.stop()
      return true
    }
    await announced.heard
    if (Date.now() >= deadline) return false
  }
}

function nextAnnouncement({ feed }: Pick<ApiContext, 'feed'>, migration: string, withinMs: number) {
  let stop: () => void = () => undefined
  const heard = new Promise<void>((resolve) => {
    const forget = feed.listen((announcement) => {
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
