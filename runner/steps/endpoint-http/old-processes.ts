import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../../../domain/errors.ts'
import { type Waivers, waiverFor } from '../../../domain/plan/waiving.ts'
import { said } from '../../../domain/words/said.ts'
import { type Listener, listenersOf, type Proxy } from '../../entry/listeners.ts'
import { placeOf, processOf } from '../../entry/look.ts'
import type { HostPort } from '../kind.ts'

/** Thrown when something that has the configuration of before goes on taking connections after a reload. */
export class OldProxyProcessError extends QianyunError {
  override name = 'OldProxyProcessError'
  readonly code = 'proxy-old-process'

  constructor(
    readonly host: string,
    readonly service: string,
    readonly listener: Listener,
    readonly waitedMs: number,
  ) {
    const at = placeOf(listener)
    super(said('proxy-old-process', { host, service, at, process: processOf(listener), waitedMs }))
  }
}

export interface Reloaded {
  readonly host: HostPort
  /** The host's name in the plan, which is the object of a waiver. */
  readonly hostName: string
  readonly proxy: Proxy
  readonly waivers: Waivers
  readonly signal: AbortSignal
}

const endedWithinMs = 15_000
const betweenMs = 500
/** Clocks of the kernel and of files differ by that much. */
const clockMs = 100

/**
 * Waits until no process that was there before the configuration takes connections on the ports of a proxy.
 * @throws OldProxyProcessError if one still does after 15 s
 */
export async function assertOldEnded({
  host,
  hostName,
  proxy,
  waivers,
  signal,
}: Reloaded): Promise<'seen' | 'unseen'> {
  const mayShare = waiverFor(waivers)('entry-port-shared', hostName) !== undefined
  const startMs = performance.now()
  for (;;) {
    const found = await listenersOf(host, proxy, signal)
    if (found === undefined) return 'unseen'
    const { workers, strangers, configuredAtMs } = found
    const isOld = ({ process }: Listener) =>
      process !== undefined && process.startedAtMs < configuredAtMs - clockMs
    const old = workers.find(isOld) ?? (mayShare ? undefined : strangers[0])
    if (old === undefined) return 'seen'
    const waitedMs = Math.round(performance.now() - startMs)
    if (waitedMs > endedWithinMs) throw new OldProxyProcessError(host.name, proxy.service, old, waitedMs)
    await sleep(betweenMs, undefined, { signal })
  }
}
