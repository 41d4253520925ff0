import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import type { Config } from './config.ts'

export type OwnPlace = 'machine' | 'database' | 'temporal' | 'api'

/** Thrown when a plan's place is the product itself: its machine, or a server it stands on. */
export class OwnPlaceError extends QianyunError {
  override name = 'OwnPlaceError'
  readonly code = 'own-place'

  constructor(
    readonly place: string,
    readonly what: OwnPlace,
  ) {
    super(said('own-place', { place, what }))
  }
}

/** A server the product stands on, or is. */
interface OwnServer {
  readonly what: OwnPlace
  readonly host: string
  readonly port: number
}

interface OwnPlacesOptions {
  readonly servers: readonly OwnServer[]
  /** A lab's hosts are on the product's own machine; everywhere else that machine is no place of a plan. */
  readonly isLab: boolean
}

/** The places of the product that a configuration names. */
export function ownPlacesOf(
  config: Pick<Config, 'databaseUrl' | 'temporal' | 'ports' | 'apiUrl' | 'temporalUiUrl' | 'isLab'>,
): OwnPlaces {
  const { databaseUrl, temporal, ports, apiUrl, temporalUiUrl, isLab } = config
  const at = (what: OwnPlace, address: string): OwnServer => {
    const { host, port = 5432 } = parts(address)
    return { what, host, port }
  }
  return new OwnPlaces({
    isLab,
    servers: [
      at('database', databaseUrl),
      at('temporal', temporal.address),
      ...(temporalUiUrl === undefined ? [] : [at('temporal', temporalUiUrl)]),
      at('api', apiUrl),
      { what: 'api', host: '127.0.0.1', port: ports.api },
    ],
  })
}

/** What of an address is known: its name, and its port where it has one. */
interface Address {
  readonly host: string
  readonly port?: number
}

/**
 * The product's own places, which no plan may name: what a name resolves to counts, not how it is spelt. Names are resolved at
 * each use, since they may lead elsewhere than when the plan was made.
 */
export class OwnPlaces {
  constructor(private readonly options: OwnPlacesOptions) {}

  /** @throws OwnPlaceError */
  async assertNone(address: string): Promise<void> {
    const what = await this.find(address)
    if (what !== undefined) throw new OwnPlaceError(address, what)
  }

  /** Which own place an address (`host`, `host:port`) or a URL is; undefined if none. A name that does not resolve is none. */
  async find(address: string): Promise<OwnPlace | undefined> {
    const { host, port } = parts(address)
    const found = await resolved(host)
    const isHere = found.some(isThisMachine)
    if (isHere && !this.options.isLab) return 'machine'
    for (const server of this.options.servers) {
      const own = await resolved(server.host)
      // The hosts of a lab share the machine: there a server is its port.
      if (isHere ? port === server.port && own.some(isThisMachine) : found.some((ip) => own.includes(ip)))
        return server.what
    }
    return undefined
  }
}

function parts(address: string): Address {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    const { hostname, port, protocol } = new URL(address)
    return { host: bare(hostname), port: Number(port) || (defaultPorts[protocol] ?? 80) }
  }
  if (isIP(bare(address)) !== 0) return { host: bare(address) }
  const [, host = address, port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? []
  return port === undefined ? { host: bare(host) } : { host: bare(host), port: Number(port) }
}

const defaultPorts: Readonly<Record<string, number>> = {
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')

/** As the operating system reads it, which takes `127.1`, `0x7f000001` and `2130706433` for addresses. */
async function resolved(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [plain(host)]
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => plain(address))
}

/** IPv6 in its shortest form, without a zone; an IPv4 address inside IPv6 is that address. */
function plain(ip: string): string {
  if (isIP(ip) === 4) return ip
  const text = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const inside = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text)
  if (inside === null) return text
  const words = inside.slice(1).map((part) => Number.parseInt(part, 16))
  return words.flatMap((word) => [word >> 8, word & 255]).join('.')
}

function isThisMachine(ip: string): boolean {
  if (ip.startsWith('127.') || ip.startsWith('0.') || ip === '::' || ip === '::1') return true
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => plain(address) === ip))
}
