import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Agent } from 'undici'
import { mixOf, type LoadProfile, type LoadTarget } from './profile.ts'
import { send } from './send.ts'
import { LoadTally } from './tally.ts'

const lagResolutionMs = 2

/**
 * One run of open-model load: request i is due at start + i / rate, whether or not earlier ones were answered, and its latency
 * counts from that moment. A closed model (wait, then send the next) slows down with the server and hides its stalls. The number of
 * connections has no limit for the same reason: of a queue in the generator, the latency would contain only a part.
 * @throws the signal's reason if aborted
 */
export async function generateLoad(
  target: LoadTarget,
  profile: LoadProfile,
  signal?: AbortSignal,
): Promise<LoadTally> {
  signal?.throwIfAborted()
  const agent = new Agent({
    connections: null,
    pipelining: 1,
    connect: { timeout: profile.timeoutMs },
    // Servers close idle connections after some seconds; a request sent at that moment would count as their failure.
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 1000,
  })
  const lag = monitorEventLoopDelay({ resolution: lagResolutionMs })
  lag.enable()
  try {
    const tally = await offer(target, profile, agent, signal)
    // The histogram contains the time between ticks of a timer, including the timer's own period.
    tally.generatorLagP99Ms = Math.max(
      0,
      Math.round((lag.percentile(99) / 1e6 - lagResolutionMs) * 100) / 100,
    )
    return tally
  } finally {
    lag.disable()
    await agent.destroy()
  }
}

async function offer(
  target: LoadTarget,
  profile: LoadProfile,
  agent: Agent,
  signal: AbortSignal | undefined,
): Promise<LoadTally> {
  const tally = new LoadTally(profile.seconds * 1000)
  const mix = mixOf(profile.requests)
  const run = randomBytes(4).toString('hex')
  const intervalMs = 1000 / profile.ratePerSecond
  const warmup = Math.round(profile.warmupSeconds * profile.ratePerSecond)
  const total = warmup + Math.max(1, Math.round(profile.seconds * profile.ratePerSecond))
  const startMs = performance.now() + intervalMs
  const measuredFromMs = startMs + warmup * intervalMs
  const inFlight = new Set<Promise<void>>()

  const fire = async (number: number): Promise<void> => {
    const kind = mix(number)
    const dueMs = startMs + number * intervalMs
    const outcome =
      inFlight.size >= profile.maxInFlight
        ? ({ served: false, reason: 'overflow' } as const)
        : await send(agent, target.url, kind, `${run}-${number}`, profile.timeoutMs)
    if (number >= warmup)
      tally.add(kind.name, dueMs - measuredFromMs, performance.now() - measuredFromMs, outcome)
  }

  for (let next = 0; next < total;) {
    await untilMs(startMs + next * intervalMs, signal)
    const due = Math.min(total, Math.floor((performance.now() - startMs) / intervalMs) + 1)
    for (; next < due; next += 1) {
      const request = fire(next).finally(() => inFlight.delete(request))
      inFlight.add(request)
    }
  }
  await Promise.all(inFlight)
  signal?.throwIfAborted()
  return tally
}

/** A timer that an abort ends early. A timer of Node may fire slightly too early; it is then set again. */
async function untilMs(timeMs: number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = timeMs - performance.now(); left > 0; left = timeMs - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 250)))
    signal?.throwIfAborted()
  }
}
