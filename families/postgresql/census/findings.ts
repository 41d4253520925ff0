import type pg from 'pg'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import type { Finding } from '../../../domain/assessment/finding.ts'
import type { DatabasePort } from '../database.ts'
import { CensusRefusedError } from '../errors.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'
import { type Surroundings, entryToLookAt } from '../facts/entry-facts.ts'
import { gather } from '../facts/gather.ts'
import { type Side, withClient } from '../server/connections.ts'
import { type Look, judge, obstaclesIn, questionsOf, topicsOf } from './judge.ts'
import { largeObjects } from '../rules/large-objects.ts'
import type { Moment } from './rule.ts'
import type { Entry } from '../switchover/plan.ts'
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

/**
 * What stands against a switch as far as it can be known while the new side is empty: the entries, and who gets in there. A
 * server that cannot be looked at is no obstacle yet.
 * @throws CensusRefusedError
 */
export async function preflight(
  source: DatabasePort,
  {
    target,
    waivers,
    entries,
  }: { readonly target: DatabasePort; readonly waivers: Waivers; readonly entries: Surroundings['entries'] },
): Promise<void> {
  const around = { target, ...(entries !== undefined && { entries }) }
  const [own, other] = await Promise.all([
    withClient(source, 'preflight', async (client) =>
      look({ client, port: source }, 'preflight', 'database', around),
    ),
    withClient(
      target,
      'preflight',
      async (client) => lookAtOther({ client, port: target }, 'preflight', false),
      'postgres',
    ),
  ])
  const pair = { from: own.facts, to: other, toExists: false }
  assertFit(judge({ moment: 'preflight', waivers, sides: [own], pair }))
}

/** What waivers let pass of a database that is replicated already. */
export async function findingsOf(from: Connected, given: GivenWaivers): Promise<readonly Finding[]> {
  return judge({ moment: 'replicate', ...given, sides: [await look(from, 'replicate', 'database')] })
}

/**
 * What keeps a pair from being switched: after it the other side is the publisher, and the server that was left applies what
 * is written there. On the way back nobody is kept at a server by the state it is in.
 */
export async function findingsBeforeSwitch(
  from: Pick<Side, 'app' | 'port'>,
  to: Pick<Side, 'app' | 'port'>,
  { entry, goesBack, ...given }: GivenWaivers & { readonly entry?: Entry; readonly goesBack: boolean },
): Promise<readonly Finding[]> {
  const around = entry === undefined ? {} : { entries: [entryToLookAt(entry)] }
  const [own, other] = await Promise.all([
    look({ client: from.app, port: from.port }, 'precheck', goesBack ? 'database' : 'all', around),
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
export function assertFit(findings: readonly Finding[], options: { readonly goesBack?: boolean } = {}): void {
  const obstacles = obstaclesIn(findings, options)
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

async function look(
  { client, port }: Connected,
  moment: Moment,
  scope: Look['scope'],
  around: Surroundings = {},
): Promise<Look> {
  const facts = await gather(client, port, topicsOf(moment, scope), questionsOf(moment, scope), around)
  return { facts, scope }
}
