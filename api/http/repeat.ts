import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Does something now and again after each pause, until told to stop. What fails (the database or Temporal is away) is
 * tried again in the next round. Gives what stops it, after the round that is under way.
 */
export function repeat(
  everyMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): () => Promise<void> {
  const ending = new AbortController()
  const { signal } = ending
  const working = (async () => {
    while (!signal.aborted) {
      await work(signal).catch(() => undefined)
      await sleep(everyMs, undefined, { signal }).catch(() => undefined)
    }
  })()
  return async () => {
    ending.abort()
    await working
  }
}
