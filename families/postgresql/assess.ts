import { messageOf } from '../../domain/errors.ts'
import type { Finding } from '../../domain/assessment/finding.ts'
import { isPast } from '../../domain/assessment/end-of-life.ts'
import type { Waivers } from '../../domain/plan/waiving.ts'
import type { DatabasePort } from './database.ts'
import { lookForDatabase } from './copy/make-database.ts'
import type { DatabaseFacts } from './facts/database-facts.ts'
import type { Difference } from './differences/difference.ts'
import { differingSettings } from './differences/differing-settings.ts'
import { notFenced } from './differences/fenced.ts'
import { findingsOfDifferences } from './differences/findings.ts'
import { differingSorting } from './differences/sorting-at-assessment.ts'
import type { Surroundings } from './facts/entry-facts.ts'
import { discoverDatabase } from './facts/discover.ts'
import { lookAtOther } from './census/findings.ts'
import { judge, questionsOf } from './census/judge.ts'
import { targetTopic } from './census/unseen.ts'
import { withClient } from './server/connections.ts'

/** A database that is moved to, as far as it is there. */
interface TargetFacts {
  readonly facts: DatabaseFacts
  /** Without the database the facts are those of its server. */
  readonly exists: boolean
}

export interface AssessedDatabase {
  /** All that was found in the database. Plain JSON. */
  readonly facts: DatabaseFacts
  /** Those a waiver covers carry its reason. */
  readonly findings: readonly Finding[]
  /** What of its platform changes on the way, where it does. */
  readonly upgrades: readonly string[]
}

/**
 * Takes stock of a database and judges it, together with the one it moves to where that can be reached: it may not be
 * there yet, which is a finding to know of.
 * @throws when the database itself cannot be reached or logged in to.
 */
export async function assessDatabase(
  source: DatabasePort,
  {
    target,
    waivers,
    entries = [],
  }: {
    readonly target?: DatabasePort
    readonly waivers: Waivers
    readonly entries?: Surroundings['entries']
  },
): Promise<AssessedDatabase> {
  const [facts, looked] = await Promise.all([
    discoverDatabase(source, questionsOf('assessment', 'all'), {
      entries,
      ...(target && { target }),
    }),
    target === undefined ? undefined : lookAtTarget(target).catch(messageOf),
  ])
  if (typeof looked !== 'string') {
    if (looked === undefined || target === undefined) return judgeFacts(facts, { waivers })
    const settings = await differencesOfServers(source, target, looked.exists).catch(messageOf)
    const differences = typeof settings === 'string' ? [] : settings
    const found = findingsOfDifferences(differences, { from: source, to: target }, { waivers }, 'assessment')
    const unread = typeof settings === 'string' ? [{ topic: settingsTopic, reason: settings }] : []
    const judged = judgeFacts(
      { ...facts, unknown: [...facts.unknown, ...unread] },
      { waivers, target: looked },
    )
    return { ...judged, findings: [...judged.findings, ...found] }
  }
  const unknown = [...facts.unknown, { topic: targetTopic, reason: looked }]
  return judgeFacts({ ...facts, unknown }, { waivers })
}

/** Judges the facts of a database. Pure. */
export function judgeFacts(
  facts: DatabaseFacts,
  { target, waivers }: { readonly target?: TargetFacts; readonly waivers: Waivers },
): AssessedDatabase {
  const own = { facts, scope: 'all' } as const
  const findings = judge({
    moment: 'assessment',
    waivers,
    ...(target === undefined
      ? { sides: [own] }
      : {
          sides: [own, { facts: target.facts, scope: 'server' }],
          pair: { from: facts, to: target.facts, toExists: target.exists },
        }),
  })
  return { facts, findings, upgrades: upgradesOf(facts, target?.facts) }
}

const settingsTopic = 'settings of both servers'

/** What can be known of both servers before the database is on the new one: settings of its sessions, and how text is sorted. */
async function differencesOfServers(
  source: DatabasePort,
  target: DatabasePort,
  exists: boolean,
): Promise<readonly Difference[]> {
  const place = (port: DatabasePort) => (port === target && !exists ? 'postgres' : port.database)
  const [from, to] = [
    { port: source, fenced: notFenced },
    { port: target, fenced: notFenced },
  ]
  return [
    ...(await differingSettings(from, to, place)),
    ...(await differingSorting(source, target, place(target))),
  ]
}

async function lookAtTarget(port: DatabasePort): Promise<TargetFacts> {
  const { exists } = await lookForDatabase(port)
  const facts = await withClient(
    port,
    'discovery',
    async (client) => lookAtOther({ client, port }, 'assessment', exists),
    exists ? port.database : 'postgres',
  )
  return { facts, exists }
}

function upgradesOf({ server, gatheredAtMs }: DatabaseFacts, target?: DatabaseFacts): readonly string[] {
  const newMajor = target !== undefined && target.server.major > server.major
  const ended = server.endOfLife !== undefined && isPast(server.endOfLife, gatheredAtMs)
  if (!newMajor && !ended) return []
  return [`PostgreSQL ${server.version}${newMajor ? ` → ${target.server.version}` : ''}`]
}
