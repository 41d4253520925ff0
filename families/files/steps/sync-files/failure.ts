import type { Said } from '../../../../domain/words/message.ts'
import { said, inForeignWords } from '../../../../domain/words/said.ts'
import { SyncFailedError, TypeChangedError } from './errors.ts'
import type { SyncFilesParams } from './params.ts'

/** The hosts as people know them. */
export interface Hosts {
  readonly from: string
  readonly to: string
}

const makesNoWay = /^(?:could not make way for new \w+(?: \w+)?: |cannot delete non-empty directory: )(.+)$/
/** `rsync: [receiver] mkstemp "/to/.a" failed: No space left on device (28)` */
const systemFailure = /^rsync: (?:\[(\w+)\] )?(.*): ([^:]+) \((\d+)\)$/

/** What rsync's exit codes and words come to: where it happened, what stood in the way, what helps. */
export function syncFailure(
  params: SyncFilesParams,
  hosts: Hosts,
  exitCodes: readonly [number, number],
  output: string,
): SyncFailedError | TypeChangedError {
  const lines = output.split('\n')
  const inTheWay = lines.flatMap((line) => makesNoWay.exec(line)?.[1] ?? [])
  if (inTheWay.length > 0)
    return new TypeChangedError(
      hosts.from,
      hosts.to,
      [...new Set(inTheWay)].map((path) => `${params.to.path}/${path}`),
    )
  const because = systemCause(params, hosts, lines) ?? causeByCode(hosts, exitCodes)
  return new SyncFailedError(hosts.from, hosts.to, exitCodes, output, because)
}

function systemCause({ from }: SyncFilesParams, hosts: Hosts, lines: readonly string[]): Said | undefined {
  for (const line of lines) {
    const [, who = '', what = '', reason = '', errno = ''] = systemFailure.exec(line) ?? []
    if (errno === '') continue
    const host = who === 'sender' || (who === '' && line.includes(from.path)) ? hosts.from : hosts.to
    const path = /"([^"]+)"/.exec(what)?.[1] ?? /\((\/[^,)]+)/.exec(what)?.[1] ?? what
    const where = { host, path: path.slice(0, 300), reason: inForeignWords(reason) }
    if (/acl|xattr/i.test(what)) return said('sync-attribute-refused', where)
    switch (Number(errno)) {
      case 1:
        return said('sync-not-permitted', where)
      case 13:
        return said('sync-denied', where)
      case 2:
        return said('sync-not-there', where)
      case 28:
      case 122:
        return said('sync-no-room', where)
      case 5:
      case 30:
      case 117:
        return said('sync-disk-fails', where)
      case 18:
      case 20:
      case 21:
      case 36:
      case 40:
        return said('sync-path-refused', where)
    }
  }
  return undefined
}

function causeByCode({ from, to }: Hosts, codes: readonly [number, number]): Said {
  const hosts = [from, to] as const
  const hostOf = (...wanted: readonly number[]): string | undefined =>
    hosts[codes.findIndex((code) => wanted.includes(code))]
  const missing = hostOf(126, 127)
  if (missing !== undefined) return said('sync-no-rsync', { host: missing })
  const killed = hostOf(20, 130, 137, 143)
  if (killed !== undefined) return said('sync-killed', { host: killed })
  if (codes.includes(30) || codes.includes(35)) return said('sync-silent')
  const memory = hostOf(22)
  if (memory !== undefined) return said('sync-no-memory', { host: memory })
  if (hostOf(1, 2, 12, 13, 14) !== undefined) return said('sync-not-understood')
  return said('sync-partial')
}
