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
import { addressesOfUrl, leadingTo } from './each-address.ts'
import { send } from '../load/send.ts'

export interface ProbeOptions {
  /**
   * A sample is good only if all of them answer well, each at every address that its name leads to: a system is available if each of its
   * sites is.
   */
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
  const lists = await Promise.all(options.urls.map(async (url) => probeUrl(url, options, dueMs)))
  const asked = lists.flat()
  const failed = asked.find((sample) => sample.failure !== undefined)
  const latencyMs = Math.max(0, ...asked.map((sample) => sample.latencyMs))
  if (failed?.failure === undefined) return { dueMs, latencyMs }
  return {
    dueMs,
    latencyMs,
    failure: failed.failure,
    ...(failed.address !== undefined && { at: failed.address }),
  }
}

interface AddressSample extends ProbeSample {
  /** Which of several addresses it was. */
  readonly address?: string
  readonly isUnknown?: boolean
}

/** Asks each address of the name; those that this machine has no way to count only if it has none to any. */
async function probeUrl(
  url: string,
  options: ProbeOptions,
  dueMs: number,
): Promise<readonly AddressSample[]> {
  const addresses = await addressesOfUrl(url)
  if (addresses.length <= 1) return [await probeAddress(url, options, dueMs)]
  const samples = await Promise.all(addresses.map(async (one) => probeAddress(url, options, dueMs, one)))
  const known = samples.filter(({ isUnknown }) => isUnknown !== true)
  return known.length > 0 ? known : samples
}

async function probeAddress(
  url: string,
  options: ProbeOptions,
  dueMs: number,
  address?: string,
): Promise<AddressSample> {
  const { timeoutMs, contains } = options
  const kind: LoadRequest = { name: 'probe', method: 'GET', path: '', weight: 1, contains }
  const agent = new Agent({
    connect: { timeout: timeoutMs, ...(address !== undefined && { lookup: leadingTo(address) }) },
  })
  const startMs = performance.now()
  const lateMs = Math.max(0, Date.now() - dueMs)
  try {
    const outcome = await send(agent, url, kind, '', timeoutMs)
    const latencyMs = Math.round(lateMs + performance.now() - startMs)
    if (outcome.served) return { dueMs, latencyMs }
    return {
      dueMs,
      latencyMs,
      failure: outcome.reason,
      ...(address !== undefined && { address }),
      ...(outcome.noWayThere === true && { isUnknown: true }),
    }
  } finally {
    await agent.destroy()
  }
}
