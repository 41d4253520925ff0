import type pg from 'pg'
import type { Actor } from '../domain/organisation.ts'
import { secretUsesOf } from '../domain/plan/secret-uses.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import type { GivenPlan } from '../domain/plan/plan.ts'
import type { AddressApproval, SecretAddressesPort } from '../domain/ports/secret-addresses.ts'
import type { SecretPurpose, SecretUse } from '../domain/secret-use.ts'
import { appendAudit } from './audit.ts'
import { inTransaction } from './pool.ts'

/** A decision about an address of a secret, as it is recorded. */
export interface AddressDecision extends AddressApproval {
  readonly approved: boolean
  readonly reason: string
  readonly by: Actor
  readonly atMs: number
}

/** The addresses at which secrets may be used beside those they were bound to. */
export class SecretAddressStore implements SecretAddressesPort {
  constructor(private readonly pool: pg.Pool) {}

  /** Records that an organisation approves a use, or withdraws its approval, in the audit log too. */
  async decide(decision: AddressDecision): Promise<void> {
    const { secret, system, purpose, address, organisation, approved, reason, by, atMs } = decision
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `insert into secret_address (secret, system, purpose, address, organisation, approved, reason, by_actor, at_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [secret, system, purpose, address, organisation, approved, reason, JSON.stringify(by), atMs],
      )
      const detail = { system, purpose, address, organisation, approved, reason }
      await appendAudit(client, [{ atMs, kind: 'secret-address', actor: by, subject: secret, detail }])
    })
  }

  async approvedBy({ secret, system, purpose, address }: Omit<AddressApproval, 'organisation'>) {
    const { rows } = await this.pool.query<{ organisation: string; approved: boolean }>(
      `select distinct on (organisation) organisation, approved from secret_address
        where secret = $1 and system = $2 and purpose = $3 and address = $4
        order by organisation, decision desc`,
      [secret, system, purpose, address],
    )
    return rows.filter(({ approved }) => approved).map(({ organisation }) => organisation)
  }

  /** By the plan as it is stored, not as it travels. */
  async isFromBefore(plan: string, use: SecretUse & { readonly secret: string }): Promise<boolean> {
    const { rows } = await this.pool.query<{ content: GivenPlan }>(
      'select p.content from plan_before_bindings b join plan p on p.plan = b.plan where b.plan = $1',
      [plan],
    )
    return rows.some(({ content }) =>
      secretUsesOf(upgradePlan(content)).some(
        (one) => one.secret === use.secret && one.purpose === use.purpose && one.address === use.address,
      ),
    )
  }

  /** The newest decision about each use, by secret: of one system, or of all. */
  async list(): Promise<readonly AddressDecision[]> {
    const { rows } = await this.pool.query<AddressRow>(
      `select distinct on (secret, system, purpose, address, organisation)
              secret, system, purpose, address, organisation, approved, reason, by_actor, at_ms
         from secret_address order by secret, system, purpose, address, organisation, decision desc`,
    )
    return rows.map(({ by_actor: by, at_ms, ...row }) => ({ ...row, by, atMs: Number(at_ms) }))
  }
}

interface AddressRow extends AddressApproval {
  purpose: SecretPurpose
  approved: boolean
  reason: string
  by_actor: Actor
  at_ms: string
}
