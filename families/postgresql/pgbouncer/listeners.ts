import { isIPv4 } from 'node:net'
import type { HostPort } from '../../../runner/steps/kind.ts'

/**
 * The number of sockets of a host that listen at an address and port. Each process that shares a port has its own socket, which every
 * user may count. It is 0 if the address belongs to another machine or to a container.
 */
export async function countListeners(host: HostPort, address: string, port: number): Promise<number> {
  const { stdout } = await host.run('cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true')
  return stdout.split('\n').filter((line) => listensAt(line, address, port)).length
}

const listening = '0A'

function listensAt(line: string, address: string, port: number): boolean {
  const [, local = '', , state] = line.trim().split(/\s+/)
  const [where = '', number = ''] = local.split(':')
  if (state !== listening || Number.parseInt(number, 16) !== port) return false
  return !isIPv4(address) || /^0+$/.test(where) || where.endsWith(kernelForm(address))
}

/** An IPv4 address as the kernel of a little-endian machine writes it, alone or as the end of a mapped IPv6 one. */
function kernelForm(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .toReversed()
    .join('')
}
