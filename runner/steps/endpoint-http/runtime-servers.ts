import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { haproxySections } from './proxy-config.ts'

/** A place at which haproxy takes commands as it runs. */
export type CommandSocket =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly address: string; readonly port: number }

/**
 * The sockets that a configuration of haproxy has for commands. Names of other sorts (abstract, inherited, from the environment) are left out.
 * https://docs.haproxy.org/2.6/configuration.html#stats%20socket
 */
export function commandSockets(config: string): readonly CommandSocket[] {
  return haproxySections(config)
    .filter(({ kind }) => kind === 'global')
    .flatMap(({ lines }) => lines.flatMap((line) => /^\s*stats\s+socket\s+(\S+)/.exec(line)?.[1] ?? []))
    .map((name) => name.replaceAll(/["']/g, ''))
    .flatMap((name): readonly CommandSocket[] => {
      if (/[$@]/.test(name.replace(/^(unix|ipv4|ipv6)@/, ''))) return []
      const [, address = '', port] = /^(?:ipv[46]@)?\[?([^/]*?)\]?:(\d+)$/.exec(name) ?? []
      if (port !== undefined)
        return [
          { kind: 'tcp', address: ['', '*'].includes(address) ? '127.0.0.1' : address, port: Number(port) },
        ]
      const path = name.replace(/^unix@/, '')
      return [{ kind: 'unix', path }]
    })
}

interface RuntimeServer {
  readonly backend: string
  readonly server: string
  readonly address: string
  readonly port: number
  readonly adminState: number
  readonly weight: number
  readonly initialWeight: number
}

/** Reads the answer to `show servers state`; undefined where it is none. */
export function runtimeServers(answer: string): readonly RuntimeServer[] | undefined {
  const lines = answer.split('\n')
  const names = lines
    .find((line) => line.startsWith('# '))
    ?.slice(2)
    .trim()
    .split(' ')
  if (names?.includes('srv_admin_state') !== true) return undefined
  return lines.flatMap((line) => {
    const values = line.trim().split(' ')
    if (line.startsWith('#') || values.length < names.length - 1 || values.length < 8) return []
    const of = (name: string) => values[names.indexOf(name)] ?? ''
    return [
      {
        backend: of('be_name'),
        server: of('srv_name'),
        address: of('srv_addr'),
        port: Number(of('srv_port')),
        adminState: Number(of('srv_admin_state')),
        weight: Number(of('srv_uweight')),
        initialWeight: Number(of('srv_iweight')),
      },
    ]
  })
}

/** Bits of `srv_admin_state`. https://docs.haproxy.org/2.6/management.html#show%20servers%20state */
const forcedMaintenance = 0x01
const configuredMaintenance = 0x04
const forcedDrain = 0x08

/** A server that is otherwise than its configuration has it, which a reload gives back to it. */
export interface ChangedServer {
  /** `backend/server`, the object of a waiver. */
  readonly object: string
  readonly found: readonly Said[]
  /** The commands at the socket that make it what the configuration has. */
  readonly back: readonly string[]
}

/**
 * The servers that somebody set by the socket, of every backend: a reload takes all of it back. A backend that takes the states of its
 * servers from a file keeps them, and so do servers that an agent tells how they are.
 * @param switched lines whose addresses the move itself changes
 */
export function changedServers(
  config: string,
  servers: readonly RuntimeServer[],
  { backend, switched }: { readonly backend: string; readonly switched: readonly string[] },
): readonly ChangedServer[] {
  const lines = serverLines(config)
  return servers.flatMap((one) => {
    const object = `${one.backend}/${one.server}`
    const line = lines.get(object)
    if (line?.keepsState === true || line?.hasAgent === true) return []
    const isSwitched = one.backend === backend && switched.includes(one.server)
    const parts = [
      ...administrative(object, one),
      ...(one.weight === one.initialWeight
        ? []
        : [
            {
              found: said('server-weight', { weight: one.weight, written: one.initialWeight }),
              back: `set server ${object} weight ${String(one.initialWeight)}`,
            },
          ]),
      ...(isSwitched || line === undefined ? [] : moved(object, one, line.address)),
    ]
    return parts.length === 0
      ? []
      : [{ object, found: parts.map(({ found }) => found), back: parts.map(({ back }) => back) }]
  })
}

interface Part {
  readonly found: Said
  readonly back: string
}

function administrative(object: string, { adminState }: RuntimeServer): readonly Part[] {
  const isDisabled = (adminState & configuredMaintenance) !== 0
  const isInMaintenance = (adminState & forcedMaintenance) !== 0
  if (isDisabled !== isInMaintenance)
    return [
      {
        found: said(isDisabled ? 'server-enabled' : 'server-in-maintenance'),
        back: `set server ${object} state ${isDisabled ? 'maint' : 'ready'}`,
      },
    ]
  return (adminState & forcedDrain) === 0
    ? []
    : [{ found: said('server-drains'), back: `set server ${object} state ready` }]
}

const literal = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):(\d+)$/

function moved(object: string, { address, port }: RuntimeServer, written: string): readonly Part[] {
  const [, host = '', portWritten] = literal.exec(written) ?? []
  const plain = host.replaceAll(/[[\]]/g, '')
  if (portWritten === undefined || address === '-' || (plain === address && Number(portWritten) === port))
    return []
  return [
    {
      found: said('server-at-address', { address: `${address}:${String(port)}`, written }),
      back: `set server ${object} addr ${plain} port ${portWritten}`,
    },
  ]
}

interface WrittenServer {
  readonly address: string
  readonly hasAgent: boolean
  readonly keepsState: boolean
}

function serverLines(config: string): ReadonlyMap<string, WrittenServer> {
  const found = new Map<string, WrittenServer>()
  let defaultsKeep = false
  let defaultsHaveAgent = false
  for (const { kind, name, lines } of haproxySections(config)) {
    const keeps = keepsState(lines)
    const agents = lines.some((line) => /^\s*default-server\b.*\sagent-check\b/.test(line))
    if (kind === 'defaults') {
      defaultsKeep = keeps === true
      defaultsHaveAgent = agents
    }
    if (!['backend', 'listen'].includes(kind)) continue
    for (const line of lines) {
      const [, server, address = '', rest = ''] = /^\s*server\s+(\S+)\s+(\S+)(.*)$/.exec(line) ?? []
      if (server === undefined) continue
      const hasAgent = agents || defaultsHaveAgent || /\sagent-check\b/.test(rest.replace(/#.*/, ''))
      found.set(`${name}/${server}`, { address, hasAgent, keepsState: keeps ?? defaultsKeep })
    }
  }
  return found
}

function keepsState(lines: readonly string[]): boolean | undefined {
  const [, from] =
    lines.map((line) => /^\s*load-server-state-from-file\s+(global|local|none)\b/.exec(line)).find(Boolean) ??
    []
  return from === undefined ? undefined : from !== 'none'
}
