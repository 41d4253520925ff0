import type pg from 'pg'
import { databaseRoleOf, processNames, type ProcessName } from '../domain/process-name.ts'
import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import { scramVerifier } from './scram-verifier.ts'

/** Thrown when roles of the processes are missing and the owner of the tables may not make them. */
export class ProcessRolesMissingError extends QianyunError {
  override name = 'ProcessRolesMissingError'
  readonly code = 'process-roles-missing'

  constructor(readonly roles: readonly string[]) {
    super(said('process-roles-missing', { roles, statements: roles.map(statementFor) }))
  }
}

/**
 * Makes the roles of the processes that are missing, each with its password. With `renew`, those that are there get theirs too, which
 * takes a superuser.
 * @throws ProcessRolesMissingError
 */
export async function ensureProcessRoles(
  client: pg.Pool | pg.Client,
  passwords: Readonly<Record<ProcessName, string>>,
  { renew = false } = {},
): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('select rolname::text from pg_roles')
  const there = new Set(rows.map(({ rolname }) => rolname))
  const missing: string[] = []
  for (const process of processNames) {
    const role = databaseRoleOf(process)
    if (there.has(role) && !renew) continue
    const does = there.has(role) ? 'alter' : 'create'
    try {
      await client.query(`${does} role ${role} login password '${scramVerifier(passwords[process])}'`)
    } catch (error) {
      if (!isNotAllowed(error)) throw error
      missing.push(role)
    }
  }
  if (missing.length > 0) throw new ProcessRolesMissingError(missing)
}

const statementFor = (role: string): string => `create role ${role} login password '…'`

const isNotAllowed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '42501'
