import { createHash, createPublicKey } from 'node:crypto'
import type pg from 'pg'
import type { Account, AccountsPort } from '../domain/ports/accounts.ts'
import type { Role } from '../domain/organisation.ts'
import { defaultScope, type Scope } from '../domain/scope.ts'
import { appendAudit } from './audit.ts'
import { sha256Hex } from './digest.ts'
import { inTransaction, type Queryable } from './pool.ts'

/** The data of a new account. Only the SHA-256 of the token (hex) is stored, never the token. */
export interface AccountSetting {
  readonly account: string
  readonly role: Role
  readonly organisation: string
  readonly name: string
  readonly tokenHash: string
  readonly publicKeyPem?: string
  /** What a coordinator acts for; default: the programme of its organisation. */
  readonly scope?: Scope
}

/** The product's own accounts, for use without an identity provider. */
export class AccountStore implements AccountsPort {
  constructor(private readonly pool: pg.Pool) {}

  /** The account whose token has this SHA-256; undefined if there is none. */
  async findByTokenHash(tokenHash: string): Promise<Account | undefined> {
    const { rows } = await this.pool.query<AccountRow>(
      `select ${columns} from account where token_hash = $1`,
      [tokenHash],
    )
    return rows[0] === undefined ? undefined : accountOf(rows[0])
  }

  /** The account with this name; undefined if there is none. */
  async find(account: string): Promise<Account | undefined> {
    const { rows } = await this.pool.query<AccountRow>(`select ${columns} from account where account = $1`, [
      account,
    ])
    return rows[0] === undefined ? undefined : accountOf(rows[0])
  }

  /** Every account of these organisations. */
  async ofOrganisations(organisations: readonly string[]): Promise<readonly Account[]> {
    const { rows } = await this.pool.query<AccountRow>(
      `select ${columns} from account where organisation = any($1) order by account`,
      [organisations],
    )
    return rows.map(accountOf)
  }
}

/** Creates or updates accounts to match the given ones, and adds each change to the audit log. Idempotent. */
export async function ensureAccounts(pool: pg.Pool, settings: readonly AccountSetting[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    const tokens = await recordedTokens(client)
    for (const setting of settings) {
      const key = setting.publicKeyPem === undefined ? undefined : keyId(setting.publicKeyPem)
      const { account, role, organisation, name, tokenHash, publicKeyPem } = setting
      const { programme, departments } = setting.scope ?? defaultScope(organisation)
      const { rowCount } = await client.query(
        `insert into account (account, role, organisation, name, token_hash, key_id, public_key_pem, programme, departments)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (account) do update
            set role = excluded.role, organisation = excluded.organisation, name = excluded.name,
                token_hash = excluded.token_hash, key_id = excluded.key_id, public_key_pem = excluded.public_key_pem,
                programme = excluded.programme, departments = excluded.departments
          where (account.role, account.organisation, account.name, account.token_hash, account.key_id,
                 account.programme, account.departments)
                is distinct from
                (excluded.role, excluded.organisation, excluded.name, excluded.token_hash, excluded.key_id,
                 excluded.programme, excluded.departments)`,
        [
          account,
          role,
          organisation,
          name,
          tokenHash,
          key ?? null,
          publicKeyPem ?? null,
          programme,
          departments === '*' ? null : departments,
        ],
      )
      if (rowCount !== 1 && (tokens.get(account) ?? null) !== null) continue
      const detail = {
        role,
        organisation,
        name,
        ...(publicKeyPem === undefined ? {} : { keyId: key, publicKeyDigest: sha256Hex(publicKeyPem) }),
        ...(setting.scope === undefined ? {} : { scope: setting.scope }),
        tokenDigest: sha256Hex(tokenHash),
      }
      await appendAudit(client, [{ atMs: Date.now(), kind: 'account-set', subject: account, detail }])
    }
  })
}

/** Which token of an account the audit log knows, by digest; null where an earlier version has not said. */
async function recordedTokens(client: Queryable): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await client.query<{ subject: string; token: string | null }>(
    `select distinct on (subject) subject, entry -> 'detail' ->> 'tokenDigest' as token
       from audit_entry where kind = 'account-set' order by subject, sequence desc`,
  )
  return new Map(rows.map(({ subject, token }) => [subject, token]))
}

/** The id of a public key: the first 16 hex digits of the SHA-256 of its SPKI DER. */
export function keyId(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}

const columns = 'account, role, organisation, name, key_id, public_key_pem, programme, departments'

interface AccountRow {
  account: string
  role: Role
  organisation: string
  name: string
  key_id: string | null
  public_key_pem: string | null
  programme: string | null
  departments: string[] | null
}

function accountOf(row: AccountRow): Account {
  const { account, role, organisation, name, key_id, public_key_pem, programme, departments } = row
  const scope: Scope = { programme: programme ?? organisation, departments: departments ?? '*' }
  const who = { account, role, organisation, name, scope }
  if (key_id === null || public_key_pem === null) return who
  return { ...who, key: { keyId: key_id, publicKeyPem: public_key_pem } }
}
