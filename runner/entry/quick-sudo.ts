import { QianyunError } from '../../domain/errors.ts'
import { type Waivers, waiverFor } from '../../domain/plan/waiving.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import { slowSudoMs, sudoTime, type SudoTime } from '../host-facts/sudo-time.ts'
import type { HostPort } from '../steps/kind.ts'

/** Thrown when sudo takes so long on hosts of a switch that its steps would stand still for it. */
export class SlowSudoError extends QianyunError {
  override name = 'SlowSudoError'
  readonly code = 'sudo-slow'

  constructor(readonly problems: readonly Said[]) {
    super(said('sudo-slow', { problems }))
  }
}

export interface HostOfSwitch {
  /** Its name in the plan, which is the object of a waiver. */
  readonly name: string
  readonly host: HostPort
}

/**
 * Measures sudo on the hosts that a switch changes something on, before anybody waits for it. Of a host that cannot be reached nothing is known.
 * @throws SlowSudoError with every host that no waiver covers
 */
export async function assertQuickSudo(
  hosts: readonly HostOfSwitch[],
  waivers: Waivers,
  signal?: AbortSignal,
): Promise<void> {
  const waiving = waiverFor(waivers)
  const each = [...new Map(hosts.map((one) => [one.name, one])).values()].filter(
    ({ name }) => waiving('sudo-slow', name) === undefined,
  )
  const found = await Promise.all(
    each.map(async ({ name, host }) => {
      const time = await sudoTime(host, signal).catch(() => undefined)
      signal?.throwIfAborted()
      return time === undefined || time.tookMs <= slowSudoMs ? [] : [slowSaid(host.name, name, time)]
    }),
  )
  const problems = found.flat()
  if (problems.length > 0) throw new SlowSudoError(problems)
}

function slowSaid(host: string, object: string, { tookMs, isUnended, ownName }: SudoTime): Said {
  const isName = ownName !== undefined && ownName.tookMs * 2 > tookMs
  const because = isName ? said('sudo-waits-for-name', ownName) : said('sudo-waits-for-other')
  return said(isUnended ? 'sudo-unended-on' : 'sudo-slow-on', { host, tookMs, because, object })
}
