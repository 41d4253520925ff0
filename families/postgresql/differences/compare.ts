import type { DatabasePort } from '../database.ts'
import { type Powers, powersOf } from '../server/powers.ts'
import { serverMajor } from '../replication/subscriptions.ts'
import { withClient } from '../server/connections.ts'
import { type Difference, unlikeRows } from './difference.ts'
import type { Fenced } from './fenced.ts'
import { quotedWords, quotingAlike } from './quoted-words.ts'
import { type Reading, readSide } from './read.ts'
import { remedyFor } from './remedy.ts'
import { withoutPrinting } from './reprint.ts'
import { rolesToCompare } from './roles-to-compare.ts'
import { isOfLibrary, sidesOnOldRecord } from './sorting.ts'
import { differingSettings } from './differing-settings.ts'

/** A side to compare, and what its fence has taken. */
export interface ComparedSide {
  readonly port: DatabasePort
  readonly fenced: Fenced
}

/**
 * All differences by which `to` would behave otherwise than `from`: objects of the database, rights, roles, properties of the database
 * and settings of its server. Uses connections of its own, so that no setting of an existing session shows.
 */
export async function compareSides(from: ComparedSide, to: ComparedSide): Promise<readonly Difference[]> {
  const [one, other] = await Promise.all([versionOf(from.port), versionOf(to.port)])
  const majors = [one.major, other.major] as const
  const alike = quotingAlike(one.quoted, other.quoted)
  const roles = await rolesToCompare(from.port, to.port)
  const both = {
    roles,
    isManaged: [one, other].some(({ powers }) => !powers.isSuperuser),
    withPasswords: [one, other].every(({ powers }) => powers.readsPasswords),
  }
  const left: Reading = { ...from, ...both, major: majors[0], otherMajor: majors[1] }
  const right: Reading = { ...to, ...both, major: majors[1], otherMajor: majors[0] }
  const [rows, otherRows, settings] = await Promise.all([
    readSide(left),
    readSide(right),
    differingSettings(from, to),
  ])
  const unlike = await withoutPrinting(unlikeRows(rows.map(alike), otherRows.map(alike)), left, right, alike)
  const { database } = to.port
  return [...settings, ...unlike.map((one) => differenceOf(one, database))]
}

async function versionOf(
  port: DatabasePort,
): Promise<{ readonly major: number; readonly quoted: readonly string[]; readonly powers: Powers }> {
  return withClient(port, 'compare', async (client) => ({
    powers: await powersOf(client),
    major: await serverMajor(client),
    quoted: await quotedWords(client),
  }))
}

function differenceOf(unlike: Parameters<typeof remedyFor>[0], database: string): Difference {
  const { kind, identity, from, to } = unlike
  const found = { kind, identity, from: from?.text, to: to?.text, ...remedyFor(unlike, database) }
  return isOfLibrary(found) ? { ...found, onOldRecord: sidesOnOldRecord(unlike) ?? [] } : found
}
