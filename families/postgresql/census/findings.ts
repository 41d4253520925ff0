import type pg from 'pg'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import type { Finding } from '../../../domain/assessment/finding.ts'
import type { DatabasePort } from '../database.ts'
import { CensusRefusedError } from '../errors.ts'
import type { DatabaseFacts } from '../facts/database-facts.ts'
import type { EntryToLookAt, Surroundings } from '../facts/entry-facts.ts'
import { gather } from '../facts/gather.ts'
import { type ConnectedSide, withClient } from '../server/connections.ts'
import { type Look, judge, obstaclesIn, questionsOf, topicsOf } from './judge.ts'
import { largeObjects } from '../rules/large-objects.ts'
import type { Moment } from './rule.ts'
import type { GivenWaivers } from './waivers.ts'

/** A side with one connection: to its database, or to another database of its server while its own is missing. */
export interface Connected {
  readonly client: pg.Client
  readonly port: DatabasePort
}

/**
 * The findings that prevent replication of a database, and what waivers permit of them. `toStays`: whether the other database exists and
 * stays; one that is yet to be created gets what matters from the old side.
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
 * The findings against a switch that show while the new side is empty: the entries, and who can log in there. A server that cannot be
 * read is no obstacle at this point.
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

/** What waivers permit of a database that is already replicated. */
export async function findingsOf(from: Connected, given: GivenWaivers): Promise<readonly Finding[]> {
  return judge({ moment: 'replicate', ...given, sides: [await look(from, 'replicate', 'database')] })
}

/**
 * The findings that prevent the switch of a pair: after the switch the side `to` is the publisher, and the server of `from` applies its
 * changes. On the way back the server of `from` prevents nothing: what is wrong with it is in `told`.
 */
export async function findingsBeforeSwitch(
  from: Pick<ConnectedSide, 'app' | 'port'>,
  to: Pick<ConnectedSide, 'app' | 'port'>,
  {
    entry,
    goesBack,
    ...given
  }: GivenWaivers & { readonly entry?: EntryToLookAt; readonly goesBack: boolean },
): Promise<{ readonly findings: readonly Finding[]; readonly told: readonly Finding[] }> {
  const around = entry === undefined ? {} : { entries: [entry] }
  const [own, other] = await Promise.all([
    look({ client: from.app, port: from.port }, 'precheck', 'all', around),
    look({ client: to.app, port: to.port }, 'precheck', 'all'),
  ])
  const pair = { from: own.facts, to: other.facts, toExists: true }
  const judged = (sides: readonly Look[]) => judge({ moment: 'precheck', ...given, sides, pair })
  const findings = judged([own, other])
  if (!goesBack) return { findings, told: [] }
  const needed = judged([{ facts: ofDatabase(own.facts), scope: 'database' }, other])
  const isNeeded = new Set(needed.map(({ code, subject }) => `${code} ${subject}`))
  return {
    findings: needed,
    told: [
      ...obstaclesIn(findings).filter(({ code, subject }) => !isNeeded.has(`${code} ${subject}`)),
      ...obstaclesIn(needed).filter((one) => !obstaclesIn([one], { goesBack }).includes(one)),
    ],
  }
}

/** Without what could not be read of the server alone. */
function ofDatabase(facts: DatabaseFacts): DatabaseFacts {
  const asked = new Set<string>([
    ...topicsOf('precheck', 'database'),
    ...questionsOf('precheck', 'database').map(({ id }) => id),
  ])
  return { ...facts, unknown: facts.unknown.filter(({ topic }) => asked.has(topic)) }
}

/** The findings that a quick look right before the pause gives: whoever came since the checks, on both sides. */
export async function findingsBeforePause(
  from: Pick<ConnectedSide, 'app' | 'port'>,
  to: Pick<ConnectedSide, 'app' | 'port'>,
  { entry, ...given }: GivenWaivers & { readonly entry: EntryToLookAt },
): Promise<readonly Finding[]> {
  const around = { entries: [entry] }
  const sides = await Promise.all([
    look({ client: from.app, port: from.port }, 'pause', 'database', around),
    look({ client: to.app, port: to.port }, 'pause', 'database'),
  ])
  return judge({ moment: 'pause', ...given, sides })
}

/** The findings about large objects only. */
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

/** The findings against a replicated database: of its server, and of a database that exists and stays. */
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
