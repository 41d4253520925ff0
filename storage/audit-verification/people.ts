import { defaultScope, type Scope } from '../../domain/scope.ts'
import { keyId } from '../accounts.ts'
import type { AuditEntry } from '../audit-chain.ts'
import { sha256Hex } from '../digest.ts'
import type { Queryable } from '../pool.ts'
import type { Expected } from './expected.ts'
import type { Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

interface AccountRow {
  account: string
  role: string
  organisation: string
  name: string
  token_hash: string
  key_id: string | null
  public_key_pem: string | null
  programme: string | null
  departments: string[] | null
}

/** Compares accounts with the newest entry about each. Gives the keys people sign with, by id. */
export async function verifyAccounts(
  client: Queryable,
  { accounts }: Expected,
  findings: Findings,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>()
  const seen = new Set<string>()
  for await (const row of rowsOf<AccountRow>(client, 'select * from account')) {
    findings.saw('account')
    seen.add(row.account)
    const entry = accounts.get(row.account)
    if (entry === undefined) findings.unrecorded({ table: 'account', record: row.account })
    else checkAccount(row, entry, findings)
    const isKey = checkKey(row, findings)
    if (isKey && row.key_id !== null && row.public_key_pem !== null) keys.set(row.key_id, row.public_key_pem)
  }
  for (const [account, { sequence }] of accounts)
    if (!seen.has(account)) findings.missing({ table: 'account', record: account, sequence })
  return keys
}

function checkAccount(row: AccountRow, { detail, sequence }: AuditEntry, findings: Findings): void {
  const at = { table: 'account', record: row.account, sequence } as const
  const { role, organisation, name, keyId: key = null, publicKeyDigest, tokenDigest, scope } = detail
  findings.same({ ...at, column: 'role', found: row.role, expected: role })
  findings.same({ ...at, column: 'organisation', found: row.organisation, expected: organisation })
  findings.standsFor({ ...at, column: 'name', found: row.name, expected: name })
  findings.same({ ...at, column: 'key_id', found: row.key_id, expected: key })
  const { programme, departments } = (scope as Scope | undefined) ?? defaultScope(String(organisation))
  // Accounts from before programmes have neither, which means the default.
  findings.same({
    ...at,
    column: 'programme',
    found: row.programme ?? String(organisation),
    expected: programme,
  })
  findings.same({ ...at, column: 'departments', found: row.departments ?? '*', expected: departments })
  const pem = row.public_key_pem
  const found = pem === null ? undefined : sha256Hex(pem)
  // Of an earlier version, its id alone is known.
  if (publicKeyDigest !== undefined || pem === null)
    findings.same({ ...at, column: 'public_key_pem', found, expected: publicKeyDigest })
  if (tokenDigest === undefined) findings.earlier('account', 'token_hash')
  else findings.same({ ...at, column: 'token_hash', found: sha256Hex(row.token_hash), expected: tokenDigest })
}

function checkKey({ account, key_id, public_key_pem }: AccountRow, findings: Findings): boolean {
  if (public_key_pem === null) return true
  return findings.same({
    ...{ table: 'account', record: account, witness: 'content', column: 'public_key_pem' },
    found: idOf(public_key_pem),
    expected: key_id,
  })
}

function idOf(pem: string): string {
  try {
    return keyId(pem)
  } catch {
    return 'no public key'
  }
}
