import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { LabPorts } from '../description.ts'
import { LabPortTakenError } from '../errors.ts'

export const addresses = {
  old: '127.0.0.11',
  staging: '127.0.0.12',
  cloud: '127.0.0.13',
  entry: '127.0.0.14',
}

const names = ['ssh', 'postgres', 'pgbouncer', 'http', 'app'] as const
// Below the ports that the kernel gives to outgoing connections, so that a kept port is still free at the next start.
const firstPort = 20_000
const lastPort = 31_900

/**
 * Chooses a block of ports that is free on every address of the lab, and that no other lab has chosen but not taken yet.
 * Where the search begins follows from the home.
 */
export async function chooseFreePorts(home: string, wished: Partial<LabPorts> = {}): Promise<LabPorts> {
  const span = Math.floor((lastPort - firstPort) / 10)
  const start = createHash('sha256').update(home).digest().readUInt32BE(0) % span
  for (let tried = 0; tried < span; tried += 1) {
    const base = firstPort + ((start + tried) % span) * 10
    const ports = {
      ssh: base,
      postgres: base + 1,
      pgbouncer: base + 2,
      http: base + 3,
      app: base + 4,
      ...wished,
    }
    if ((await areFree(ports)) && (await claimBlock(base))) return ports
  }
  throw new LabPortTakenError(
    Object.values(addresses).join(', '),
    firstPort,
    'other programs, like all up to 31900',
  )
}

/**
 * Holds a block for this process as long as it lives, by listening on the last of its ports: another lab then leaves
 * the block alone, also while this one is not up. False when another process holds it.
 */
export function claimBlock(base: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port: base + 9, exclusive: true }, () => {
      server.unref()
      resolve(true)
    })
  })
}

/** Throws LabPortTakenError when something else listens on that port by now. */
export async function assertFree(address: string, port: number): Promise<void> {
  if (await isFree(address, port)) return
  throw new LabPortTakenError(address, port, await holderOf(port))
}

async function areFree(ports: LabPorts): Promise<boolean> {
  for (const name of names) {
    for (const address of [...Object.values(addresses), '127.0.0.1']) {
      if (!(await isFree(address, ports[name]))) return false
    }
  }
  return true
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Says in words who listens on a port, as far as we may look. */
async function holderOf(port: number): Promise<string> {
  const inodes = await listeningSockets(port)
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
    if (targets.some((target) => inodes.has(target))) {
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
      return `process ${pid} ("${command.slice(0, 120)}")`
    }
  }
  return 'another program'
}

async function listeningSockets(port: number): Promise<Set<string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const found = new Set<string>()
  for (const line of tables.join('\n').split('\n')) {
    const columns = line.trim().split(/\s+/)
    if (columns[1]?.endsWith(`:${wanted}`) && columns[3] === '0A') found.add(`socket:[${columns[9] ?? ''}]`)
  }
  return found
}
