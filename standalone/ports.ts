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

/** Thrown when ports the stack needs are in use; names who holds each. */
export class PortsTakenError extends QianyunError {
  override name = 'PortsTakenError'
  readonly code = 'ports-taken'

  constructor(readonly taken: readonly (WantedPort & { readonly holder?: PortHolder })[]) {
    super(
      says.portsTaken(
        taken.map((port) => says.portTaken(port.port, port.purpose, describe(port.holder))),
        taken.map((port) => port.variable),
      ),
    )
  }
}

/** Throws PortsTakenError when any of the ports cannot be listened on at 127.0.0.1. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const free = await Promise.all(wanted.map(({ port }) => canListen(port)))
  const taken = wanted.filter((_, index) => free[index] === false)
  if (taken.length === 0) return
  throw new PortsTakenError(
    taken.map((port) => {
      const holder = findPortHolder(port.port)
      return holder === undefined ? port : { ...port, holder }
    }),
  )
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

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
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
