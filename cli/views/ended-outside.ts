import type { MigrationSummary } from '../../api/contract.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'
import type { Moments } from './moment.ts'
import { actorText } from './who.ts'

type EndedOutside = NonNullable<MigrationSummary['endedOutside']>

/** How the workflow of a move ended: by whom, when and why, as Temporal knows it. */
export function endText({ say }: Session, { end }: EndedOutside, moments: Moments): string {
  const how = say(names.workflowEnd[end.how])
  if (end.how === 'gone') return say(m.endedGone, { how })
  return say(m.endedBy, {
    how,
    by: end.by === '' ? say(m.endedUnknownBy) : end.by,
    at: end.endedAtMs === undefined ? '?' : moments.at(end.endedAtMs),
    reason: end.reason === '' ? say(m.endedWithoutReason) : say(m.endedReason, { reason: end.reason }),
  })
}

/** That, and who has taken note of it; before that, which side the record says serves. */
export function endedOutsideLines(
  session: Session,
  view: Pick<MigrationSummary, 'endedOutside' | 'downtime'>,
  moments: Moments,
): string[] {
  const { say, paint } = session
  const { endedOutside } = view
  if (endedOutside === undefined) return []
  const { acknowledged } = endedOutside
  const found = paint.bad(endText(session, endedOutside, moments))
  if (acknowledged === undefined) {
    const side = view.downtime.switches.at(-1)?.kind === 'cutover' ? 'new' : 'old'
    return [found, say(m.servesByRecord, { side: say(names.side[side]) })]
  }
  const { by, atMs, reason, serves, servesBy } = acknowledged
  return [
    found,
    say(m.endAcknowledged, { actor: actorText(session, by), at: moments.at(atMs), reason }),
    say(servesBy === 'look' ? m.servesByLook : m.servesByWord, { side: say(names.side[serves]) }),
  ]
}
