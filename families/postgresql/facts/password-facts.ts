import { rolesOfDatabase } from '../differences/catalog/roles.ts'
import type { DatabaseFacts } from './database-facts.ts'
import type { Asked } from './topics.ts'

/** A role that logs in, whose password some ways of asking for one do not take. */
export interface StoredPassword {
  readonly role: string
  /** `md5`, or `-` where it has none. */
  readonly hash: 'md5' | '-'
}

/** A line of pg_hba.conf for connections from the network, in the order the server reads them. */
export interface HbaLine {
  readonly databases: readonly string[]
  readonly roles: readonly string[]
  /** `all`, `samehost`, an address or a name; absent for every address. */
  readonly address?: string
  /** Whether it is for one host alone. */
  readonly isOneHost?: true
  readonly method: string
}

const passwordsQuery = `
SELECT rolname::text AS role, CASE WHEN rolpassword IS NULL THEN '-' ELSE 'md5' END AS hash FROM pg_authid
 WHERE rolname = ANY ($1) AND (rolcanlogin OR rolname = ANY ($2)) AND (rolpassword IS NULL OR rolpassword LIKE 'md5%') ORDER BY 1`

const linesQuery = `
SELECT database AS databases, user_name AS roles, address, auth_method AS method,
       coalesce(netmask ~ '^(255[.]255[.]255[.]255|ffff(:ffff){7})$', address ~ '[a-z]' AND address !~ '^(all|samehost|samenet)$|:|^[.]') AS "isOneHost"
  FROM pg_hba_file_rules
 WHERE type LIKE 'host%' AND error IS NULL ORDER BY line_number`

/** Stored passwords of every role that is carried with the database, and how the server asks for passwords. */
export async function passwordFacts({
  client,
  rows,
  port,
}: Asked): Promise<Pick<DatabaseFacts, 'storedPasswords' | 'hbaLines'>> {
  const [here] = await rows<{ database: string }>('SELECT current_database() AS database')
  // A new side has no roles before its database.
  const tied = here?.database === port.database ? (await rolesOfDatabase(client, port)).tied : []
  const lines = await rows<{
    databases: string[]
    roles: string[]
    address: string | null
    method: string
    isOneHost: boolean | null
  }>(linesQuery)
  return {
    storedPasswords: await rows<{ role: string; hash: 'md5' | '-' }>(passwordsQuery, [
      [...tied, ...port.appRoles],
      port.appRoles,
    ]),
    hbaLines: lines.map(({ address, isOneHost, ...line }) => ({
      ...line,
      ...(address !== null && { address }),
      ...(isOneHost === true && { isOneHost }),
    })),
  }
}

const takes: Readonly<Record<StoredPassword['hash'], ReadonlySet<string>>> = {
  md5: new Set(['md5', 'password', 'trust']),
  '-': new Set(['trust', 'cert', 'ldap', 'gss', 'sspi', 'pam', 'radius', 'peer', 'ident', 'oauth', 'bsd']),
}

/**
 * The ways a server asks a role for its password, none of which takes the stored one; empty if one may. The first line that fits a client
 * counts. From which address it comes is not known, so every line is followed until one is for all addresses.
 */
export function methodsThatRefuse(
  { role, hash }: StoredPassword,
  database: string,
  lines: readonly HbaLine[],
): readonly string[] {
  const fitting = lines.filter(
    (line) =>
      fits(line.databases, database, role) && fits(line.roles, role, role) && line.method !== 'reject',
  )
  // A pooler comes from its own host: lines of the loopback count where there are no others.
  const fromElsewhere = fitting.filter(
    ({ address }) => !/^(127\.|::1$|samehost$|localhost$)/.test(address ?? ''),
  )
  const methods = new Set<string>()
  for (const { address, method } of fromElsewhere.length > 0 ? fromElsewhere : fitting) {
    methods.add(method)
    if (address === undefined || ['all', '0.0.0.0', '::'].includes(address)) break
  }
  return [...methods].some((method) => takes[hash].has(method)) ? [] : [...methods].sort()
}

/** Whether a line lets a role in to a database, as far as names tell. */
export function admits({ databases, roles, method }: HbaLine, database: string, role: string): boolean {
  return method !== 'reject' && fits(databases, database, role) && fits(roles, role, role)
}

/** Groups and regular expressions may fit. */
const fits = (names: readonly string[], name: string, role: string): boolean =>
  names.some(
    (one) =>
      one === 'all' ||
      one === name ||
      /^[+/@]/.test(one) ||
      one === 'samerole' ||
      (one === 'sameuser' && name === role),
  )
