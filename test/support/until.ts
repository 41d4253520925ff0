import { expect } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'

/** Looks again and again until something is so, for a minute at most. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  for (let left = 1_200; left > 0; left--) {
    if (await what()) return
    await sleep(50)
  }
  // Looked at once more for the failure: what was true for a moment counts.
  expect(await what()).toBe(true)
}
