import type pg from 'pg'
import type { Finding } from '../../../domain/assessment/finding.ts'
import type { DatabasePort } from '../database.ts'
import { CensusRefusedError } from '../errors.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'
import { gather } from '../facts/gather.ts'
import type { Side } from '../server/connections.ts'
import { type Look, judge, obstaclesIn, questionsOf, topicsOf } from './judge.ts'
import { largeObjects } from '../rules/large-objects.ts'
import type { Moment } from './rule.ts'
import type { GivenWaivers } from './waivers.ts'

/** A side with one connection: to its database, or to another of its server while that is not there. */
export interface Connected {
  readonly client: pg.Client
  readonly port: DatabasePort
}

/**
 * What keeps a database from being replicated, and what waivers let pass of it. `toStays` when the other database is
 * there and stays: one that is yet to be made, or to be made anew, gets what matters from the old one.
 */
export async function findingsBeforeReplication(
  from: Connected,
  to: Connected,
  given: GivenWaivers & { readonly toStays: boolean },
): Promise<readonly Finding[]> {
  const [own, other] = await Promise.all([
    look(from, 'replicate', 'all'),
    lookAtOther(to, 'replicate', given.toStays),
  ])
  return judge({
    moment: 'replicate',
    ...given,
    sides: [own, { facts: other, scope: 'server' }],
    pair: { from: own.facts, to: other, toExists: given.toStays },
  })
}

/** What waivers let pass of a database that is replicated already. */
export async function findingsOf(from: Connected, given: GivenWaivers): Promise<readonly Finding[]> {
  return judge({ moment: 'replicate', ...given, sides: [await look(from, 'replicate', 'database')] })
}

/** What keeps a pair from being switched: after it the other side is the publisher. */
export async function findingsBeforeSwitch(
  from: Pick<Side, 'app' | 'port'>,
  to: Pick<Side, 'app' | 'port'>,
  given: GivenWaivers,
): Promise<readonly Finding[]> {
  const [own, other] = await Promise.all([
    look({ client: from.app, port: from.port }, 'precheck', 'database'),
    look({ client: to.app, port: to.port }, 'precheck', 'all'),
  ])
  const pair = { from: own.facts, to: other.facts, toExists: true }
  return judge({ moment: 'precheck', ...given, sides: [own, other], pair })
}

/** What is found of large objects alone. */
export async function largeObjectFindings(
  { client, port }: Connected,
  given: GivenWaivers,
): Promise<readonly Finding[]> {
  const facts = await gather(client, port, largeObjects.looksAt)
  return judge({ moment: 'precheck', ...given, sides: [{ facts, scope: 'database' }] })
}

/** @throws CensusRefusedError with everything critical that no waiver covers */
export function assertFit(findings: readonly Finding[]): void {
  const obstacles = obstaclesIn(findings)
  if (obstacles.length > 0) throw new CensusRefusedError(obstacles)
}

/** What rules hold against a database that is replicated: of its server, and of a database that is there and stays. */
export async function lookAtOther(
  { client, port }: Connected,
  moment: Moment,
  stays: boolean,
): Promise<DatabaseFacts> {
  return gather(client, port, [...topicsOf(moment, 'server'), ...(stays ? (['database'] as const) : [])])
}

async function look({ client, port }: Connected, moment: Moment, scope: Look['scope']): Promise<Look> {
  const facts = await gather(client, port, topicsOf(moment, scope), questionsOf(moment, scope))
  return { facts, scope }
}
