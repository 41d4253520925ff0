import type pg from 'pg'
import { pour } from '../copy/pour.ts'
import { type GivenWaivers, fitting } from '../census/waivers.ts'
import { ownerCodeAsSuperuser } from '../rules/owner-code-as-superuser.ts'
import { withClient } from '../server/connections.ts'
import { dropDatabase, makeDatabase } from '../copy/make-database.ts'
import { sideName } from '../side-name.ts'
import { OwnPlaceTakenError } from '../server/errors.ts'
import { outOfSight } from '../copy/out-of-sight.ts'
import { serverMajor } from '../replication/subscriptions.ts'
import { disarm } from '../replication/stop.ts'
import type { DatabasePort } from '../database.ts'
import type { BesideEntry } from '../entry/entry.ts'
import { ledgerSchema, ledgerSql, ledgerTable } from './ledger-writers.ts'
import { assertOnRecord, forgetStage, noteStage } from './stage-record.ts'
import type { RehearsalDatabase } from './rehearsal-database.ts'

export interface Stage {
  /** The real source: only read. */
  readonly source: DatabasePort
  readonly from: RehearsalDatabase
  readonly to: RehearsalDatabase
  /** The way to the copy, beside that to the real database. */
  readonly way: BesideEntry
  readonly schemaOnly: boolean
  readonly given: GivenWaivers
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Makes the rehearsal's copy on the source's server, its role, its ledger and the way to it. */
export async function setStage(stage: Stage): Promise<void> {
  const { source, from, way, schemaOnly, given, signal } = stage
  await Promise.all([noteStage(from), noteStage(stage.to)])
  await makeRole(from)
  await makeDatabase(source, from)
  await withClient(source, 'rehearsal', async (client) => {
    const fromMajor = await serverMajor(client)
    const isWaived = fitting(given)
    const mayRun = (fn: string) => isWaived(ownerCodeAsSuperuser.id, fn) !== undefined
    await pour({ from: source, fromMajor, to: from, schemaOnly, mayRun, signal })
  })
  await withClient(from, 'rehearsal', async (client) => {
    const role = client.escapeIdentifier(from.database)
    await makeLedgerSchema(client, from)
    await client.query(ledgerSql)
    await client.query(
      `grant usage on schema ${ledgerSchema} to ${role}; grant select, insert on ${ledgerTable} to ${role}`,
    )
  })
  await way.lay()
}

/**
 * Takes everything down again. Harmless when only part of it, or nothing, is there.
 * @throws OwnPlaceTakenError, and what the way throws, when what is there was made by somebody else: nothing is taken down then
 */
export async function clearStage(stage: Stage): Promise<void> {
  const { from, to } = stage
  const [isKnown] = await Promise.all([assertOnRecord(from), assertOnRecord(to)])
  if (!isKnown) await stage.way.assertNobodys()
  await stage.way.clear()
  await disarm({ sides: [from, to], closedSide: 'forget', waivers: {}, say: stage.say })
  for (const side of [from, to]) {
    await dropDatabase(side, { rehearsal: true })
    await withClient(
      side,
      'rehearsal',
      async (client) => client.query(`drop role if exists ${client.escapeIdentifier(side.database)}`),
      'postgres',
    )
    await forgetStage(side)
  }
}

/** @throws OwnPlaceTakenError when the database that was copied has a schema of that name */
async function makeLedgerSchema(client: pg.Client, side: RehearsalDatabase): Promise<void> {
  const { rows } = await client.query<{ role: string }>(
    'select nspowner::regrole::text as role from pg_namespace where nspname = $1',
    [ledgerSchema],
  )
  const [taken] = rows
  if (taken !== undefined) throw new OwnPlaceTakenError(sideName(side), `schema ${ledgerSchema}`, taken.role)
  await client.query(`create schema ${ledgerSchema}`)
}

async function makeRole(side: RehearsalDatabase): Promise<void> {
  const password = await side.appPassword()
  await withClient(
    side,
    'rehearsal',
    async (client) => {
      const name = client.escapeIdentifier(side.database)
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [side.database])
      const verb = rowCount === 0 ? 'create' : 'alter'
      await outOfSight(client, `${verb} role ${name} login password ${client.escapeLiteral(password)}`)
    },
    'postgres',
  )
}
