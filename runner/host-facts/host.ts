import type { HostFacts, UnknownTopic } from '../../domain/assessment/host-facts.ts'
import { CommandFailedError, CommandTimeoutError, OutputLimitError } from '../ssh/errors.ts'
import type { HostPort } from '../steps/kind.ts'
import { hardCodedTopic } from './hard-coded.ts'
import { jobsTopic } from './jobs.ts'
import { networkTopic } from './network.ts'
import { packagesTopic } from './packages.ts'
import { runtimesTopic } from './runtimes.ts'
import { servicesTopic } from './services.ts'
import { startersTopic } from './starters.ts'
import { systemTopic } from './system.ts'
import { Sections, type Topic } from './topic.ts'

export interface HostDiscovery {
  /** Folders of applications, which are searched for runtimes, addresses and paths. */
  readonly directories?: readonly string[]
  /** Configuration files in other folders. */
  readonly configFiles?: readonly string[]
  /** Crontabs in other places. */
  readonly crontabs?: readonly string[]
  /** The limit of each topic's script. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Looks at a host over SSH without changing or installing anything: one script for each topic, all at once over one
 * connection. What the host hides is named in `unknown`.
 * @throws when the host cannot be reached or logged in to.
 */
export async function discoverHost(host: HostPort, options: HostDiscovery = {}): Promise<HostFacts> {
  const { directories = [] } = options
  const unknown: UnknownTopic[] = []
  const look = async <T>(topic: Topic<T>): Promise<T> => {
    const { facts, reason } = await ask(host, topic, options)
    if (reason !== undefined) unknown.push({ topic: topic.name, reason })
    return facts
  }
  const [system, packages, network, jobs, services, starters, runtimes, hardCoded] = await Promise.all([
    look(systemTopic),
    look(packagesTopic),
    look(networkTopic(host.address)),
    look(jobsTopic(options.crontabs ?? [])),
    look(servicesTopic(host.serviceDir)),
    look(startersTopic),
    look(runtimesTopic(directories)),
    look(hardCodedTopic(directories, options.configFiles ?? [])),
  ])
  return {
    host: host.name,
    address: host.address,
    gatheredAtMs: Date.now(),
    ...system,
    packages,
    ...network,
    jobs,
    services,
    starters,
    runtimes,
    hardCoded,
    unknown,
  }
}

async function ask<T>(
  host: HostPort,
  topic: Topic<T>,
  options: HostDiscovery,
): Promise<{ facts: T; reason?: string }> {
  try {
    const { stdout } = await host.run(topic.script, {
      timeoutMs: options.timeoutMs ?? 60_000,
      ...(options.signal && { signal: options.signal }),
    })
    const sections = Sections.read(stdout)
    const reason = topic.gap?.(sections)
    return { facts: topic.read(sections), ...(reason !== undefined && { reason }) }
  } catch (error) {
    const answered =
      error instanceof CommandFailedError ||
      error instanceof CommandTimeoutError ||
      error instanceof OutputLimitError
    if (!answered) throw error
    return { facts: topic.empty, reason: error.message }
  }
}
