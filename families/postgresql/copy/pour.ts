import type pg from 'pg'
import { ownerCodeInDumpSql } from '../census/owner-code.ts'
import { aroundDump } from '../replication/ddl-freeze.ts'
import { withClient } from '../server/connections.ts'
import { powersOf } from '../server/powers.ts'
import { sideName } from '../side-name.ts'
import { type Dump, carryOut } from './client-tools.ts'
import { OwnerCodeError } from './errors.ts'
import { noteHalfMade } from './half-made.ts'
import { pourAsAdministrator } from './pour-as-administrator.ts'
import { withPouringRole } from './pouring-role.ts'
import { functionsRowsRun } from './rows-that-run-code.ts'

/**
 * Pours one database into another: `pg_dump | psql`, in one transaction on the receiving side. Our own client logs in for both. Where rows cannot
 * be put in without running code of an owner, they are put in by a role that is no superuser, between the passes that make tables and
 * indexes; until the last of these the database counts as half made.
 * @throws ClientToolMissingError, ClientToolFailedError, OwnerCodeError, WeakLoginError
 */
export async function pour(dump: Dump): Promise<number> {
  const isManaged = !(await withClient(dump.to, 'copy', powersOf)).isSuperuser
  const { before, after } = aroundDump(dump.from.database)
  const functions = dump.schemaOnly
    ? []
    : await withClient(dump.from, 'copy', async (client) => {
        if (!isManaged) await assertNoneInDump(client, dump)
        return functionsRowsRun(client)
      })
  if (isManaged) return pourAsAdministrator(dump)
  if (functions.length === 0)
    return carryOut(dump, { options: dump.schemaOnly ? ['--schema-only'] : [], before, after })
  await noteHalfMade(dump.to, true)
  let bytes = await carryOut(dump, { options: ['--section=pre-data'], before })
  bytes += await withPouringRole(dump.to, async (as) =>
    carryOut(dump, { options: ['--section=data', '--no-blobs'], as }),
  )
  // What is left of the data: large objects, whose owners may be superusers.
  bytes += await carryOut(dump, { options: ['--section=data', '--exclude-table-data=*.*'] })
  bytes += await carryOut(dump, { options: ['--section=post-data'], after })
  await noteHalfMade(dump.to, false)
  return bytes
}

/** What a superuser cannot avoid to run while rows are there: keys of partitions, and casts of references. @throws OwnerCodeError */
async function assertNoneInDump(client: pg.Client, { from, mayRun = () => false }: Dump): Promise<void> {
  const { rows } = await client.query<{ object: string; role: string; by: string }>(ownerCodeInDumpSql)
  const functions = rows.filter(({ object }) => !mayRun(object))
  if (functions.length > 0) throw new OwnerCodeError(sideName(from), functions)
}
