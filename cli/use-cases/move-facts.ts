import type { MigrationEvent } from '../../api/contract.ts'
import type { ApiClient } from '../server/api-client.ts'
import { CheckFailedError, UsageError } from '../command-line/errors.ts'
import { EventLog } from '../server/event-log.ts'
import { sentence } from '../language/message.ts'
import { factsMessages as m } from '../messages/facts.ts'
import { sha256Hex } from '../identity/signing-key.ts'

/** Something too large for an event, which the event names by its SHA-256. */
export interface NamedFacts {
  readonly what: 'facts' | 'findings' | 'rehearsal' | 'proof'
  readonly digest: string
  readonly event: Pick<MigrationEvent, 'sequence' | 'atMs' | 'type'>
}

/** What the events of a move name by digest, in their order. */
export async function factsOfMove(api: ApiClient, migration: string): Promise<NamedFacts[]> {
  const events = await new EventLog(api, migration, 0).more()
  return events.flatMap((event) => {
    const { sequence, atMs, type } = event
    return namedBy(event).map((named) => ({ ...named, event: { sequence, atMs, type } }))
  })
}

function namedBy(event: MigrationEvent): Pick<NamedFacts, 'what' | 'digest'>[] {
  switch (event.type) {
    case 'assessed': {
      const { factsDigest, findingsDigest } = event.data.assessment
      return [
        { what: 'facts', digest: factsDigest },
        { what: 'findings', digest: findingsDigest },
      ]
    }
    case 'rehearsed':
      return [{ what: 'rehearsal', digest: event.data.rehearsal.evidenceDigest }]
    case 'wiped':
      return [{ what: 'proof', digest: event.data.proofDigest }]
    default:
      return []
  }
}

/** The one that begins so. Throws UsageError when none does, or several do. */
export function chosenOf(named: readonly NamedFacts[], beginning: string): string {
  const digests = [...new Set(named.map(({ digest }) => digest))]
  const [digest, another] = digests.filter((each) => each.startsWith(beginning))
  if (digest !== undefined && another === undefined) return digest
  const known = digests.map((each) => each.slice(0, 12)).join(', ')
  throw new UsageError(
    sentence(digest === undefined ? m.noSuchDigest : m.severalDigests, { beginning, known }),
  )
}

/** The bytes that were digested. Throws CheckFailedError when what came has another digest. */
export async function fetchFacts(api: ApiClient, system: string, digest: string): Promise<Uint8Array> {
  const bytes = await api.bytes('showFact', { params: { system, digest } })
  const local = sha256Hex(bytes)
  if (local !== digest) throw new CheckFailedError('other-digest', sentence(m.differs, { local, digest }))
  return bytes
}
