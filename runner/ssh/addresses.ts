import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const resolvedWithinMs = 2_000

/**
 * All addresses that a name leads to, as this machine resolves it. An address stands for itself, and so do `localhost` and a name that is
 * not resolved in time, so that whoever connects says what is wrong.
 */
export async function addressesOf(name: string): Promise<readonly string[]> {
  if (isIP(name) !== 0 || name === 'localhost') return [name]
  const found = lookup(name, { all: true }).then(
    (all) => [...new Set(all.map(({ address }) => address))],
    () => [name],
  )
  return Promise.race([found, sleep(resolvedWithinMs, [name], { ref: false })])
}

/** Whether an attempt has ended here, because this machine has no way to such an address: nothing is known of it then. */
export function isNoWayThere(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'ENETUNREACH' || code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
}
