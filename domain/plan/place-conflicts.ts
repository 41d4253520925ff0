import { urlPort } from '../http-address.ts'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { Application, Dataset, MigrationPlan } from './plan.ts'
import { applicationsOf, datasetsOf, endpointsOf, hostOf, sideRoles, type Named } from './places.ts'

/** What of a plan tells where a move works. */
export type PlacedPlan = Pick<
  MigrationPlan,
  'hosts' | 'jumpHosts' | 'datasets' | 'endpoints' | 'applications'
>

/**
 * One thing in the world that a move works on as if it were its own. Two plans that have one in common would copy into,
 * switch or wipe each other's system.
 */
export type Place =
  | { readonly kind: 'database'; readonly path: string; readonly is: string }
  | { readonly kind: 'endpoint'; readonly path: string; readonly is: string }
  | { readonly kind: 'address'; readonly path: string; readonly is: string }
  /** A folder is in the way of every folder inside it. */
  | { readonly kind: 'folder'; readonly path: string; readonly host: string; readonly is: string }

/** A place two plans have in common, by the path of it in each, and what it is. */
export interface PlaceConflict {
  readonly path: string
  readonly otherPath: string
  readonly is: string
}

/**
 * The places a plan's move works on: databases, the lines of the entry, the folders and addresses of the application. A host
 * as such is none: systems may share a server.
 */
export function placesOf(plan: PlacedPlan): readonly Place[] {
  return [
    ...datasetsOf(plan).flatMap((dataset) => placesOfDataset(plan, dataset)),
    ...applicationsOf(plan).flatMap((application) => placesOfApplication(plan, application)),
    ...placesOfEndpoints(plan),
  ]
}

/** What two plans have in common; empty when their moves do not meet. */
export function conflictsBetween(plan: PlacedPlan, other: PlacedPlan): readonly PlaceConflict[] {
  const others = placesOf(other)
  return placesOf(plan).flatMap((place) => {
    const met = others.find((each) => isSamePlace(place, each))
    return met === undefined ? [] : [{ path: place.path, otherPath: met.path, is: place.is }]
  })
}

const shownConflicts = 3

/** The places two plans have in common, as they are said: the first three of them. */
export function conflictsSaid(conflicts: readonly PlaceConflict[]): readonly Said[] {
  const shown = conflicts
    .slice(0, shownConflicts)
    .map(({ path, otherPath, is }) => said('place-in-common', { path, otherPath, is }))
  const more = conflicts.length - shown.length
  return more > 0 ? [...shown, said('and-more', { count: more })] : shown
}

/** One side of a dataset: a folder or several, or what answers at an address; what else a family knows of it does not tell where it is. */
function placesOfDataset(plan: PlacedPlan, { name, ...dataset }: Named<Dataset>): Place[] {
  return sideRoles.flatMap((side): Place[] => {
    const { host, address, port, database, path: folder, paths } = dataset[side]
    const path = `datasets.${name}.${side}`
    if (typeof folder === 'string') return [folderOf(plan, host, { path: `${path}.path`, folder })]
    if (Array.isArray(paths))
      return paths.map((one, at) =>
        folderOf(plan, host, { path: `${path}.paths.${String(at)}`, folder: String(one) }),
      )
    if (typeof address !== 'string' || typeof port !== 'number') return []
    const at = server(address, port, hostOf(plan, host).zone)
    return [{ kind: 'database', path, is: `${at}/${typeof database === 'string' ? database : ''}` }]
  })
}

function placesOfApplication(plan: PlacedPlan, { name, sites }: Named<Application>): Place[] {
  return sideRoles.flatMap((side) =>
    sites[side].flatMap(({ host, url, directory }, at): Place[] => {
      const path = `applications.${name}.sites.${side}.${String(at)}`
      return [
        { kind: 'address', path: `${path}.url`, is: addressOf(url, hostOf(plan, host).zone) },
        folderOf(plan, host, { path: `${path}.directory`, folder: directory }),
      ]
    }),
  )
}

/** Many systems share an entry. What a move replaces there is its own lines, or a file of lines. */
function placesOfEndpoints(plan: PlacedPlan): Place[] {
  const databases = endpointsOf(plan, 'pgbouncer').flatMap(({ name, host, ...endpoint }): Place[] => [
    {
      kind: 'endpoint',
      path: `endpoints.${name}.entryName`,
      is: `${server(endpoint.address, endpoint.port, hostOf(plan, host).zone)} ${endpoint.entryName}`,
    },
    folderOf(plan, host, { path: `endpoints.${name}.databasesFile`, folder: endpoint.databasesFile }),
  ])
  const lines = endpointsOf(plan, 'http').flatMap(({ name, host, configFile, backend, servers }) => {
    const { address, port, zone } = hostOf(plan, host)
    const file = `${server(address, port, zone)} ${folderPath(configFile)}`
    return servers.map((line): Place => ({
      kind: 'endpoint',
      path: `endpoints.${name}.servers`,
      is: `${file} ${backend}/${line}`,
    }))
  })
  return [...databases, ...lines]
}

function folderOf(
  plan: PlacedPlan,
  hostName: string,
  { path, folder }: { readonly path: string; readonly folder: string },
): Place {
  const { address, port, zone } = hostOf(plan, hostName)
  const host = server(address, port, zone)
  return { kind: 'folder', path, host, is: `${host}:${folderPath(folder)}` }
}

function isSamePlace(one: Place, other: Place): boolean {
  if (one.kind !== 'folder' || other.kind !== 'folder') return one.kind === other.kind && one.is === other.is
  return one.host === other.host && (isWithin(one.is, other.is) || isWithin(other.is, one.is))
}

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)

/** A path without what makes no difference: `/srv//app/./x/` is `/srv/app/x`. */
function folderPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/**
 * A server by its address and port. The loopback address means another machine in each zone; every other address is taken for
 * the same machine whatever the zone. That two names are one machine cannot be known here.
 */
function server(address: string, port: number, zone: string): string {
  const host = hostName(address)
  return `${isLoopback(host) ? `${zone} ` : ''}${host}:${String(port)}`
}

/** Applications may share a port, each below a path of its own. */
function addressOf(text: string, zone: string): string {
  const url = new URL(text)
  return `${server(url.hostname, urlPort(url), zone)}${folderPath(url.pathname)}`
}

/** One way to write an address: lower case, no closing dot, IPv6 shortened, `localhost` as the address it is. */
function hostName(address: string): string {
  const plain = address
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (plain === 'localhost' || plain.endsWith('.localhost')) return '127.0.0.1'
  try {
    const { hostname } = new URL(`http://${plain.includes(':') ? `[${plain}]` : plain}`)
    if (hostname === '[::1]') return '127.0.0.1'
    const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname)
    return mapped === null ? hostname : ipv4(mapped.slice(1).map((part) => Number.parseInt(part, 16)))
  } catch {
    return plain
  }
}

const ipv4 = (words: readonly number[]): string => words.flatMap((word) => [word >> 8, word & 255]).join('.')

const isLoopback = (host: string): boolean => host.startsWith('127.')
