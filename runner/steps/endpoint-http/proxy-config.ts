import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

type Proxy = 'haproxy' | 'nginx'

/** A server line of a backend (haproxy) or an upstream (nginx). In nginx a line has no name, and `server` is ignored. */
export interface ServerPlace {
  readonly proxy: Proxy
  readonly backend: string
  readonly server: string
}

/** Thrown when a proxy's configuration does not have exactly one matching server line. */
export class ServerLineNotFoundError extends QianyunError {
  override name = 'ServerLineNotFoundError'
  readonly code = 'server-line-not-found'

  constructor(
    readonly place: ServerPlace,
    readonly found: number,
    readonly expected = 1,
  ) {
    super(said('server-line-not-found', { proxy: place.proxy, ...lineOf(place), found, expected }))
  }
}

const lineOf = ({ proxy, backend, server }: ServerPlace) =>
  proxy === 'haproxy'
    ? { line: `server ${server} …`, section: `backend ${backend}` }
    : { line: 'server …;', section: `upstream ${backend}` }

interface ServerLine {
  readonly index: number
  readonly before: string
  readonly address: string
  readonly after: string
}

/** Server lines of a backend (haproxy) or an upstream (nginx). Those of nginx are matched by their order. */
export interface ServerPlaces {
  readonly proxy: Proxy
  readonly backend: string
  readonly servers: readonly string[]
}

/**
 * The addresses (`host:port`) of a backend's server lines, one for each server.
 * @throws ServerLineNotFoundError
 */
export function serverAddresses(config: string, { servers, ...backend }: ServerPlaces): readonly string[] {
  return linesOf(config, { servers, ...backend }).map(({ address }) => address)
}

/**
 * The configuration with new addresses in these server lines; every other character stays.
 * @throws ServerLineNotFoundError
 */
export function withServerAddresses(
  config: string,
  places: ServerPlaces,
  addresses: readonly string[],
): string {
  const lines = config.split('\n')
  linesOf(config, places).forEach(({ index, before, address, after }, at) => {
    lines[index] = `${before}${addresses[at] ?? address}${after}`
  })
  return lines.join('\n')
}

function linesOf(config: string, { servers, ...backend }: ServerPlaces): readonly ServerLine[] {
  if (backend.proxy === 'haproxy')
    return servers.map((server) => findServerLine(config, { ...backend, server }))
  const place = { ...backend, server: '' }
  const lines = nginxLines(config, place)
  if (lines.length !== servers.length) throw new ServerLineNotFoundError(place, lines.length, servers.length)
  return lines
}

function findServerLine(config: string, place: ServerPlace): ServerLine {
  const lines = haproxyLines(config, place)
  const [line] = lines
  if (line === undefined || lines.length !== 1) throw new ServerLineNotFoundError(place, lines.length)
  return line
}

interface Section {
  readonly kind: string
  readonly name: string
  /** The number of its first line in the file. */
  readonly first: number
  readonly lines: readonly string[]
}

/** A section of haproxy begins with a word at the start of a line and ends where the next begins. */
export function haproxySections(config: string): readonly Section[] {
  const found: (Section & { readonly lines: string[] })[] = []
  config.split('\n').forEach((line, index) => {
    const begins =
      /^\s*(backend|listen|frontend|defaults|global|peers|resolvers|userlist|cache|program)\b\s*(\S*)/.exec(
        line,
      )
    if (begins !== null) found.push({ kind: begins[1] ?? '', name: begins[2] ?? '', first: index, lines: [] })
    found.at(-1)?.lines.push(line)
  })
  return found
}

function haproxyLines(config: string, { backend, server }: ServerPlace): ServerLine[] {
  return haproxySections(config)
    .filter(({ kind, name }) => ['backend', 'listen'].includes(kind) && name === backend)
    .flatMap(({ first, lines }) =>
      lines.flatMap((line, at) => {
        const parts = /^(\s*server\s+(\S+)\s+)(\S+)(.*)$/.exec(line)
        if (parts?.[2] !== server) return []
        return [{ index: first + at, before: parts[1] ?? '', address: parts[3] ?? '', after: parts[4] ?? '' }]
      }),
    )
}

function nginxLines(config: string, { backend }: ServerPlace): ServerLine[] {
  const found: ServerLine[] = []
  let inside = false
  config.split('\n').forEach((line, index) => {
    const upstream = /^\s*upstream\s+([^\s{]+)/.exec(line)
    if (upstream !== null) inside = upstream[1] === backend
    const parts = /^([^#]*?\bserver\s+)([^\s;{]+)([^{]*;.*)$/.exec(line)
    if (inside && parts !== null) {
      found.push({ index, before: parts[1] ?? '', address: parts[2] ?? '', after: parts[3] ?? '' })
    }
    if (inside && line.replace(/#.*/, '').includes('}')) inside = false
  })
  return found
}
