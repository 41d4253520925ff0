import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { LinkLostError, MarkerLateError, TablesMadeAnewError } from './errors.ts'
import { tablesMadeAnew } from './known-tables.ts'
import { isLinkLost } from './link.ts'
import { markerTrip } from './marker.ts'
import { ownLinks } from './slots.ts'
import { listSubscriptions } from './subscriptions.ts'
import { dropStandIns, passShortLived, wordsOf } from './unknown-tables.ts'

const rounds = 6
const firstTripMs = 2_000
/** A worker that failed begins again after five seconds. */
const nextTripMs = 8_000

/**
 * Waits until replication is past the tables that the publisher had for a short time, and takes away what stood in for them.
 * @returns why it stops for good, if it stops at a table that the side that follows lacks
 */
export async function passOver(
  from: Pick<ConnectedSide, 'app' | 'port'>,
  to: Pick<ConnectedSide, 'app' | 'port'>,
  name: string,
  signal: AbortSignal,
): Promise<Said | undefined> {
  let passed = false
  for (let round = 0; round < rounds; round++) {
    try {
      await markerTrip({
        from: { client: from.app, label: sideName(from.port) },
        to: { client: to.app, label: sideName(to.port) },
        name: 'passes',
        token: randomUUID(),
        timeoutMs: round === 0 ? firstTripMs : nextTripMs,
        signal,
      })
      await dropStandIns(to.app)
      return undefined
    } catch (error) {
      if (!(error instanceof MarkerLateError)) throw error
      const { passes, stops } = await passShortLived(from.app, to.app, name)
      if (stops.length > 0) return said('cause-tables-unknown', { tables: wordsOf(stops) })
      passed ||= passes
      // Something else holds it up, and whoever asked finds out what.
      if (!passed) return undefined
    }
  }
  return undefined
}

/** Does so for whichever subscription `to` follows `from` by. */
export async function passOverAll(
  from: Pick<ConnectedSide, 'app' | 'port'>,
  to: Pick<ConnectedSide, 'app' | 'port'>,
  signal: AbortSignal,
): Promise<void> {
  const names = (await listSubscriptions(to.app)).map(({ name }) => name)
  for (const name of ownLinks(from.port.database, names)) await passOver(from, to, name, signal)
}

/** Why the rows of a side that follows will never be those of the other one; undefined if they can be. */
export async function neverCatchesUp(
  publisher: pg.Client,
  subscriber: pg.Client,
  name: string,
  from: NamedSide,
  to: NamedSide,
): Promise<LinkLostError | TablesMadeAnewError | undefined> {
  const lost = await isLinkLost(publisher, subscriber, name)
  if (lost !== undefined) return new LinkLostError(name, sideName(from), sideName(to), lost)
  const tables = await tablesMadeAnew(publisher)
  return tables.length === 0 ? undefined : new TablesMadeAnewError(tables, sideName(from), sideName(to))
}

/** @throws TablesMadeAnewError */
export async function assertSameTables(
  from: Pick<ConnectedSide, 'app' | 'port'>,
  to: Pick<ConnectedSide, 'port'>,
): Promise<void> {
  const tables = await tablesMadeAnew(from.app)
  if (tables.length > 0) throw new TablesMadeAnewError(tables, sideName(from.port), sideName(to.port))
}
