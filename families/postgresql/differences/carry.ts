import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { refreshRoles } from '../copy/roles.ts'
import type { GivenWaivers } from '../census/waivers.ts'
import type { Moment } from '../census/rule.ts'
import type { DatabasePort } from '../database.ts'
import { giveApplyRights } from '../replication/apply-role.ts'
import { changedOnlyOn } from '../replication/ddl-freeze.ts'
import { type ConnectedSide, sessionAs, sqlState, withClient } from '../server/connections.ts'
import { sideName } from '../side-name.ts'
import { compareSides } from './compare.ts'
import { type Difference, objectOf } from './difference.ts'
import { type Fingerprint, fingerprintOf } from './fingerprint.ts'
import {
  type Fenced,
  keepFromConnectAtOpening,
  letConnectAtOpening,
  passConnectOn,
  readFenced,
} from './fenced.ts'
import { isWaivedBy } from './findings.ts'
import { copyRoleSettings } from './role-settings.ts'

export interface Carrying {
  readonly from: ConnectedSide
  readonly to: ConnectedSide
  readonly given: GivenWaivers
  readonly moment: Moment
  readonly say: (line: string) => void
}

/** Name of the marker that is written only on the side that follows, whenever it was found to be like the other. */
export const alikeMarker = ({ called }: Pick<DatabasePort, 'called'>): string => `alike-${called}`

/** Limit of rounds: a new function shows differences of owner and rights, which the next round copies. */
const rounds = 4

/** The differences, and the fingerprints from right before the comparison, which show a later change. */
export interface Carried {
  readonly differences: readonly Difference[]
  readonly fingerprints: Fingerprints
}

export interface Fingerprints {
  readonly from: Fingerprint
  readonly to: Fingerprint
}

export async function fingerprintsOf({ from, to }: Pick<Carrying, 'from' | 'to'>): Promise<Fingerprints> {
  const [one, other] = await Promise.all([fingerprintOf(from.app), fingerprintOf(to.app)])
  return { from: one, to: other }
}

/**
 * Brings `to` up to date with what is not replicated and can be copied safely: roles, granted rights, settings, bodies of functions and
 * views, defaults. What people changed on `to`, and what a waiver leaves, stays.
 * @returns the remaining differences
 */
export async function carryOver(carrying: Carrying): Promise<Carried> {
  const { from, to, given, moment, say } = carrying
  const isWaived = isWaivedBy(given, moment)
  const fenced = {
    from: await readFenced(from.control, from.port.database),
    to: await readFenced(to.control, to.port.database),
  }
  await carryRoles(carrying, fenced, isWaived)
  const kept = await changedOnlyOn(to.app, from.app, alikeMarker(to.port))
  const isKept = ({ identity }: Difference) => kept.has(withoutArguments(identity))
  const tried = new Set<string>()
  for (let round = 1; ; round++) {
    const fingerprints = await fingerprintsOf(carrying)
    const differences = await compareSides(
      { port: from.port, fenced: fenced.from },
      { port: to.port, fenced: await readFenced(to.control, to.port.database) },
    )
    const next = differences.filter(
      (one) =>
        (one.carried || isOfOpening(one, fenced.to)) &&
        !isKept(one) &&
        !isWaived(objectOf(one)) &&
        !tried.has(attempt(one)),
    )
    if (next.length === 0 || round > rounds) {
      // An owner may be another one now.
      if (tried.size > 0) await giveApplyRights(to.app)
      return { differences, fingerprints }
    }
    for (const one of inOrder(next)) {
      tried.add(attempt(one))
      const failure = await carry(to, one, fenced.to)
      say(
        failure === undefined
          ? `carried over to ${sideName(to.port)}: ${objectOf(one)}`
          : `not carried over to ${sideName(to.port)}: ${objectOf(one)}: ${failure}`,
      )
    }
  }
}

const attempt = ({ kind, identity, statements }: Difference): string =>
  JSON.stringify([kind, identity, statements])

/** The record of changes names functions by the types of their arguments. */
export const withoutArguments = (identity: string): string => identity.replace(/\(.*$/s, '')

async function carryRoles(
  { from, to, say }: Carrying,
  fenced: { readonly from: Fenced; readonly to: Fenced },
  isWaived: (object: string) => boolean,
): Promise<void> {
  await withClient(to.port, 'carry', async (client) => {
    const { made, changed } = await refreshRoles(from.app, client, from.port, { fenced, isWaived })
    if (made.length > 0) say(`roles made on ${sideName(to.port)}: ${made.join(', ')}`)
    if (changed.length > 0) say(`roles brought up to date on ${sideName(to.port)}: ${changed.join(', ')}`)
    const settings = await copyRoleSettings(from.app, client, {
      from: from.port.database,
      to: to.port.database,
    })
    if (settings.length > 0)
      say(`settings of roles carried over to ${sideName(to.port)}: ${settings.join(', ')}`)
  })
}

const order = [
  'schema',
  'function',
  'procedure',
  'default',
  'view',
  'owner of',
  'database',
  'default privileges',
  'privileges of',
]

function inOrder(differences: readonly Difference[]): readonly Difference[] {
  const place = ({ kind }: Difference) => order.findIndex((one) => kind.startsWith(one))
  return differences.toSorted((one, other) => place(one) - place(other))
}

/** @returns the reason if it could not be copied */
async function carry(to: ConnectedSide, difference: Difference, fenced: Fenced): Promise<string | undefined> {
  const isClosed = fenced.readOnly !== undefined
  const isLater = (statement: string) => isClosed && connectRight(difference, statement) !== undefined
  try {
    const now = difference.statements.filter((one) => !isLater(one))
    if (now.length > 0) await withClient(to.port, 'carry', async (client) => run(client, now))
    if (!isClosed) return undefined
    for (const one of difference.statements) await noteForOpening(to, connectRight(difference, one))
    const { kind, identity, from: owner, to: before } = difference
    if (kind === 'database' && identity === 'owner' && owner !== undefined && before !== undefined)
      await passConnectOn(to.control, to.port.database, { before: unquoted(before), now: unquoted(owner) })
    return undefined
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    return messageOf(error)
  }
}

interface ConnectRight {
  readonly does: 'grant' | 'revoke'
  /** Null for everybody. */
  readonly who: string | null
  readonly withOption: boolean
}

/** The right to connect to a closed side is in its record alone, from which the opening grants it with what the fence took. */
function connectRight({ kind }: Difference, statement: string): ConnectRight | undefined {
  if (kind !== 'privileges of database') return undefined
  const found =
    /^(grant|revoke)( grant option for)? CONNECT on database .* (?:to|from) (PUBLIC|[^ "]+|"(?:[^"]|"")*")( with grant option)?$/.exec(
      statement,
    )
  if (found === null) return undefined
  const [, does, takenOption, who = '', givenOption] = found
  return {
    does: does === 'grant' ? 'grant' : 'revoke',
    who: who === 'PUBLIC' ? null : unquoted(who),
    withOption: (takenOption ?? givenOption) !== undefined,
  }
}

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name

async function noteForOpening(to: ConnectedSide, right: ConnectRight | undefined): Promise<void> {
  if (right === undefined) return
  const { does, who, withOption } = right
  if (does === 'grant') await letConnectAtOpening(to.control, to.port.database, who, withOption)
  else await keepFromConnectAtOpening(to.control, to.port.database, who, withOption ? 'grantOption' : 'right')
}

/**
 * Whether the only rights to be taken away are those to connect to a closed side: they are in its record alone, where nobody can revoke them by
 * hand, and both sides were alike before.
 */
function isOfOpening(difference: Difference, fenced: Fenced): boolean {
  if (difference.kind !== 'privileges of database' || fenced.readOnly === undefined) return false
  return difference.statements.every((one) => {
    const right = connectRight(difference, one)
    return one.startsWith('grant ') || fenced.connect.some(({ role }) => right?.who === role)
  })
}

/** Runs in one transaction with a short lock time-out, so that nobody queues behind it, and without event triggers. */
async function run(client: pg.Client, statements: readonly string[]): Promise<void> {
  await client.query(`begin; set local search_path = pg_catalog; set local lock_timeout = '1s'; set local statement_timeout = '30s';
    set local check_function_bodies = off; ${sessionAs('replica', 'local')}`)
  try {
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
