import type { Finding } from '../../domain/assessment/finding.ts'
import { isPast } from '../../domain/assessment/end-of-life.ts'
import type { Waivers } from '../../domain/plan/waiving.ts'
import type { DatabasePort } from './database.ts'
import { lookForDatabase } from './copy/make-database.ts'
import type { DatabaseFacts } from './facts/database-facts.ts'
import type { ComparedSide } from './differences/compare.ts'
import type { Difference } from './differences/difference.ts'
import { differingSettings } from './differences/differing-settings.ts'
import { notFenced } from './differences/fenced.ts'
import { findingsOfDifferences } from './differences/findings.ts'
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
  { target, waivers }: { readonly target?: DatabasePort; readonly waivers: Waivers },
): Promise<AssessedDatabase> {
  const [facts, looked] = await Promise.all([
    discoverDatabase(source, questionsOf('assessment', 'all')),
    target === undefined ? undefined : lookAtTarget(target).catch(reasonOf),
  ])
  if (typeof looked !== 'string') {
    if (looked === undefined || target === undefined) return judgeFacts(facts, { waivers })
    const settings = await settingsOfPair(source, target, looked.exists).catch(reasonOf)
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

/** Settings of both servers, as sessions of the database find them; the new one may be without it yet. */
async function settingsOfPair(
  source: DatabasePort,
  target: DatabasePort,
  exists: boolean,
): Promise<readonly Difference[]> {
  const [from, to] = [source, target].map((port) => ({ port, fenced: notFenced })) as [
    ComparedSide,
    ComparedSide,
  ]
  return differingSettings(from, to, (port) => (port === target && !exists ? 'postgres' : port.database))
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function upgradesOf({ server, gatheredAtMs }: DatabaseFacts, target?: DatabaseFacts): readonly string[] {
  const newMajor = target !== undefined && target.server.major > server.major
  const ended = server.endOfLife !== undefined && isPast(server.endOfLife, gatheredAtMs)
  if (!newMajor && !ended) return []
  return [`PostgreSQL ${server.version}${newMajor ? ` → ${target.server.version}` : ''}`]
}
