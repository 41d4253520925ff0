import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/**
 * All addresses that a name leads to, as this machine resolves it. An address stands for itself, and so do `localhost` and a name that cannot
 * be resolved, so that whoever connects says what is wrong.
 */
export async function addressesOf(name: string): Promise<readonly string[]> {
  if (isIP(name) !== 0 || name === 'localhost') return [name]
  try {
    const found = await lookup(name, { all: true })
    return [...new Set(found.map(({ address }) => address))]
  } catch {
    return [name]
  }
}

/** Whether an attempt has ended here, because this machine has no way to such an address: nothing is known of it then. */
export function isNoWayThere(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'ENETUNREACH' || code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
}
