import { CommandTimeoutError } from '../ssh/errors.ts'
import type { HostPort } from '../steps/kind.ts'

/** How long sudo takes on a host before it runs anything. */
export interface SudoTime {
  readonly tookMs: number
  /** It was given up then. */
  readonly isUnended: boolean
  /** How long the host takes to resolve its own name, which sudo does as well. */
  readonly ownName?: { readonly name: string; readonly tookMs: number }
}

/** More than this for one command adds up to minutes in a step of many. */
export const slowSudoMs = 3_000

const unendedMs = 20_000
const looks = 3

/**
 * Measures sudo, by the quickest of three times where the first was slow; undefined where it is not used: the login user is root, or may not.
 * @throws the SSH error if the host cannot be reached
 */
export async function sudoTime(host: HostPort, signal?: AbortSignal): Promise<SudoTime | undefined> {
  let quickest: SudoTime | undefined
  for (let look = 0; look < looks; look += 1) {
    const found = await measured(host, signal)
    if (found === undefined) return undefined
    if (quickest === undefined || found.tookMs < quickest.tookMs) quickest = found
    if (found.isUnended || quickest.tookMs <= slowSudoMs) return quickest
  }
  return quickest
}

async function measured(host: HostPort, signal?: AbortSignal): Promise<SudoTime | undefined> {
  // The clock of the host: the way to it is no part of what sudo takes.
  const script = `[ "$(id -u)" != 0 ] || exit 0
now() { cut -d ' ' -f 1 /proc/uptime; }
from=$(now)
sudo -n true 2>/dev/null || exit 0
took=$(now)
name=$(uname -n)
getent ahosts "$name" >/dev/null 2>&1
echo "$from $took $(now) $name"`
  try {
    const { stdout } = await host.run(script, { timeoutMs: unendedMs, ...(signal && { signal }) })
    const [from, till, resolved, name = ''] = stdout.trim().split(' ')
    if (resolved === undefined) return undefined
    const msBetween = (one?: string, other?: string) => Math.round((Number(other) - Number(one)) * 1000)
    return {
      tookMs: msBetween(from, till),
      isUnended: false,
      ownName: { name, tookMs: msBetween(till, resolved) },
    }
  } catch (error) {
    if (!(error instanceof CommandTimeoutError)) throw error
    return { tookMs: unendedMs, isUnended: true }
  }
}
