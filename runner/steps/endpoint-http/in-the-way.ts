import { QianyunError } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { haproxySections, type ServerPlaces } from './proxy-config.ts'

/** Thrown when a proxy would not send all requests to the new target after a switch. */
export class EndpointNotSwitchableError extends QianyunError {
  override name = 'EndpointNotSwitchableError'
  readonly code = 'endpoint-not-switchable'

  constructor(
    readonly host: string,
    readonly configFile: string,
    readonly problems: readonly Said[],
  ) {
    super(said('endpoint-not-switchable', { host, configFile, problems }))
  }
}

interface Switch extends ServerPlaces {
  /** The address of each server line at present, and the one it is to have. */
  readonly present: readonly string[]
  readonly addresses: readonly string[]
  /** Further lines that are switched by others. */
  readonly besides: readonly string[]
}

/**
 * What of the configuration of haproxy would lead requests elsewhere once the server lines have other addresses: other lines of the backend,
 * and ports that a reload takes from a state file. All lines of an upstream of nginx are switched, so nothing is in the way there.
 */
export function inTheWay(
  config: string,
  { proxy, backend, servers, present, addresses, besides }: Switch,
): readonly Said[] {
  if (proxy === 'nginx') return []
  const sections = haproxySections(config)
  const own = sections.find(({ kind, name }) => ['backend', 'listen'].includes(kind) && name === backend)
  const others = (own?.lines ?? []).flatMap((line) => {
    const [, name = '', address = '', rest = ''] =
      /^\s*(?:server|server-template)\s+(\S+)\s+(\S+)(.*)$/.exec(line) ?? []
    const words = rest.replace(/#.*/, '').split(/\s+/)
    if (name === '' || [...servers, ...besides].includes(name) || words.includes('disabled')) return []
    // One that stands in only when no other answers may lead elsewhere, to a page that says so.
    return words.includes('backup') && !present.includes(address)
      ? []
      : [said('other-server-line', { name, address })]
  })
  const portChanges = addresses.some((address, n) => portOf(address) !== portOf(present[n] ?? ''))
  const keeps = sections.some(
    ({ kind, lines, name }) =>
      (kind === 'defaults' || (kind === own?.kind && name === backend)) &&
      lines.some((line) => /^\s*load-server-state-from-file\s+(global|local)\b/.test(line)),
  )
  const refuses = own?.lines.some((line) => /^\s*load-server-state-from-file\s+none\b/.test(line)) === true
  return [...others, ...(keeps && !refuses && portChanges ? [said('port-from-state-file', { backend })] : [])]
}

function portOf(address: string): string {
  return /:(\d+)$/.exec(address)?.[1] ?? ''
}
