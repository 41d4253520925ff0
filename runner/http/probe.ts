import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import {
  observe,
  startObservation,
  unobserved,
  type AvailabilityObservation,
  type ProbeSample,
} from '../../domain/measurement/availability.ts'
import type { LoadRequest } from '../load/profile.ts'
import { send } from '../load/send.ts'

export interface ProbeOptions {
  /** A sample is good only if all addresses answer well: a system is available if each of its sites is. */
  readonly urls: readonly string[]
  readonly intervalMs: number
  /** The instant of the end, by the wall clock. */
  readonly untilMs: number
  readonly timeoutMs: number
  /** A text that a good answer contains. */
  readonly contains?: string | undefined
  /** The tally of an interrupted observation; the time since then counts as unobserved. */
  readonly soFar?: AvailabilityObservation | undefined
  /** Called after every probe, in the order in which they were due. */
  readonly onSample?: ((sample: ProbeSample, observation: AvailabilityObservation) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Probes addresses at a fixed interval, whether or not the last probe was answered, each over a connection of its own. An answer is
 * good if its status is 200 to 399, it contains `contains`, and it arrives within the time-out.
 * @throws the signal's reason if aborted; `onSample` has received all samples by then
 */
export async function observeAvailability(options: ProbeOptions): Promise<AvailabilityObservation> {
  const { intervalMs, untilMs, signal } = options
  const startMs = Date.now()
  let observation = options.soFar ?? startObservation(startMs)
  if (options.soFar !== undefined) {
    const upToMs = Math.min(startMs - intervalMs, untilMs)
    observation = unobserved(observation, Math.max(0, upToMs - observation.endedAtMs))
  }
  let order = Promise.resolve()
  for (let dueMs = startMs; dueMs < untilMs; dueMs += intervalMs) {
    await sleep(Math.max(0, dueMs - Date.now()), undefined, { ...(signal && { signal }) })
    const lateMs = Date.now() - dueMs
    if (lateMs > intervalMs) {
      // The process was stopped or the clock was set forward: missed probes are skipped, not sent in a burst.
      const skippedMs = Math.floor(lateMs / intervalMs) * intervalMs
      dueMs += skippedMs
      order = order.then(() => {
        observation = unobserved(observation, skippedMs)
      })
      if (dueMs >= untilMs) break
    }
    const sampled = probeOnce(options, dueMs)
    order = order.then(async () => {
      const sample = await sampled
      observation = observe(observation, sample)
      options.onSample?.(sample, observation)
    })
  }
  await order
  return observation
}

async function probeOnce(options: ProbeOptions, dueMs: number): Promise<ProbeSample> {
  const asked = await Promise.all(options.urls.map(async (url) => probeAddress(url, options, dueMs)))
  const failure = asked.find((sample) => sample.failure !== undefined)?.failure
  const latencyMs = Math.max(0, ...asked.map((sample) => sample.latencyMs))
  return { dueMs, latencyMs, ...(failure !== undefined && { failure }) }
}

async function probeAddress(url: string, options: ProbeOptions, dueMs: number): Promise<ProbeSample> {
  const { timeoutMs, contains } = options
  const kind: LoadRequest = { name: 'probe', method: 'GET', path: '', weight: 1, contains }
  const agent = new Agent({ connect: { timeout: timeoutMs } })
  const startMs = performance.now()
  const lateMs = Math.max(0, Date.now() - dueMs)
  try {
    const outcome = await send(agent, url, kind, '', timeoutMs)
    const latencyMs = Math.round(lateMs + performance.now() - startMs)
    return { dueMs, latencyMs, ...(!outcome.served && { failure: outcome.reason }) }
  } finally {
    await agent.destroy()
  }
}
