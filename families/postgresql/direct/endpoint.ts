import type { EndpointInFront } from '../../family.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { DirectParams } from '../steps/endpoint-params.ts'
import { DirectEntry } from './direct-entry.ts'

/** The way of a step's clients, with the hosts they run on. */
export function directEntryOf({ clients, hosts }: DirectParams, context: StepContext): DirectEntry {
  return new DirectEntry({
    clients,
    hostsOf: (called) => (hosts[called] ?? []).map((name) => ({ name, host: context.host(name) })),
  })
}

/** The way of a plan's clients, with the hosts they run on. */
export function directEntryInFront({ clients, host }: Omit<EndpointInFront, 'endpoint'>): DirectEntry {
  return new DirectEntry({
    clients: clients.addresses,
    hostsOf: (called) =>
      clients.hosts
        .filter(({ side }) => side === called)
        .map(({ host: name }) => ({ name, host: host(name) })),
  })
}
