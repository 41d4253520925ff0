import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'

import { QianyunError } from '../domain/errors.ts'
import { commandLine } from './process-identity.ts'
import { says } from './sentences.ts'

export interface PortHolder {
  readonly pid: number
  readonly command: string
}

/** A port the stack wants, by what it is for and the variable that moves it. */
export interface WantedPort {
  readonly purpose: string
  readonly port: number
  readonly variable: string
}

interface PortRefusal extends WantedPort {
  /** The code by which the system refused. */
  readonly refusal: string
  readonly holder?: PortHolder
}

/** Thrown when ports the stack needs are in use, or not open to this user; names who holds each. */
export class PortsTakenError extends QianyunError {
  override name = 'PortsTakenError'
  readonly code = 'ports-taken'

  constructor(readonly refused: readonly PortRefusal[]) {
    const closed = refused.filter(({ refusal }) => refusal === 'EACCES')
    const taken = refused.filter((port) => !closed.includes(port))
    const sentences = [
      ...closed.map((port) => says.portRefused(port.port, port.purpose, port.variable)),
      ...(taken.length === 0
        ? []
        : [
            says.portsTaken(
              taken.map((port) => says.portTaken(port.port, port.purpose, describe(port.holder))),
              taken.map((port) => port.variable),
            ),
          ]),
    ]
    super(sentences.join('\n'))
  }
}

/** Throws PortsTakenError when any of the ports cannot be listened on at 127.0.0.1. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const refusals = await Promise.all(wanted.map(({ port }) => whyNotListening(port)))
  const refused = wanted.flatMap((port, index): PortRefusal[] => {
    const refusal = refusals[index]
    if (refusal === undefined) return []
    const holder = findPortHolder(port.port)
    return [{ ...port, refusal, ...(holder !== undefined && { holder }) }]
  })
  if (refused.length > 0) throw new PortsTakenError(refused)
}

/** Free ports of this moment, all different. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Who listens on a TCP port here; undefined when nobody does, or a process that may not be looked into. */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  const pid = processIds().find((candidate) => socketInodes(candidate).some((inode) => inodes.has(inode)))
  return pid === undefined ? undefined : { pid, command: commandLine(pid) ?? 'a program without a name' }
}

/** The code of the system's refusal; undefined when the port can be listened on. */
function whyNotListening(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}

/** As /proc writes what covers 127.0.0.1: itself, all of IPv4, and the same three ways in IPv6. */
const coveringAddresses = [
  '0100007F',
  '00000000',
  '0000000000000000FFFF00000100007F',
  '0000000000000000FFFF000000000000',
  '00000000000000000000000000000000',
]

/** Lines are `sl local_address rem_address st …  uid timeout inode`; state 0A is LISTEN, ports are hexadecimal. */
function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const wanted = new Set(coveringAddresses.map((address) => `${address}:${hexPort}`))
  return readOrEmpty(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => wanted.has(fields[1] ?? '') && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

function processIds(): number[] {
  return listOrEmpty('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
}

function socketInodes(pid: number): string[] {
  return listOrEmpty(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
    } catch {
      // The listing's own descriptor is in it, and closed by now.
      return []
    }
  })
}

function listOrEmpty(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function describe(holder: PortHolder | undefined): string {
  return holder === undefined ? says.processOfAnother : says.portHolder(holder.pid, shortened(holder.command))
}

function shortened(command: string): string {
  return command.length > 160 ? `${command.slice(0, 160)}…` : command
}
