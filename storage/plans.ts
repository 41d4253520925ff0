import type pg from 'pg'
import type { Actor } from '../domain/organisation.ts'
import type { LedgerFacts } from '../domain/move/ledger-contradiction.ts'
import type { GivenPlan, MigrationPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import { appendAudit } from './audit.ts'
import { jsonDigest } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { PlanExistsError } from './errors.ts'
import { inTransaction } from './pool.ts'

/** A frozen plan. `digest` is the SHA-256 of the canonical JSON of the plan as it was submitted. */
export interface StoredPlan {
  readonly content: MigrationPlan
  /** The stored bytes, in the submitted version. */
  readonly given: GivenPlan
  readonly digest: string
  readonly createdBy: Actor
  readonly createdAtMs: number
}

/** The plans. A plan has a name of its own and is written once. */
export class PlanStore {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Stores a plan under its name. Idempotent.
   * @throws PlanExistsError if another plan has the name
   */
  async create(plan: GivenPlan, by: Actor, atMs: number): Promise<StoredPlan> {
    const digest = jsonDigest(plan)
    return inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        `insert into plan (plan, system, organisations, digest, content, created_by, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (plan) do nothing`,
        [
          plan.plan,
          plan.system,
          Object.values(plan.organisations),
          digest,
          JSON.stringify(plan),
          JSON.stringify(by),
          atMs,
        ],
      )
      if (rowCount === 1) {
        const { rows: ledger } = await client.query<{ content: LedgerFacts }>(
          `insert into plan_ledger (plan, content)
           select $1, json_build_object('classified', content->'classified', 'mlpsLevel', content->'mlpsLevel',
                                        'department', content->'department')
             from system where system = $2 returning content`,
          [plan.plan, plan.system],
        )
        const detail = { system: plan.system, digest, ledgerDigest: jsonDigest(ledger[0]?.content ?? null) }
        await appendAudit(client, [{ atMs, kind: 'plan-created', actor: by, subject: plan.plan, detail }])
      }
      const { rows } = await client.query<PlanRow>(`select ${columns} from plan where plan = $1`, [plan.plan])
      const stored = rows[0] === undefined ? undefined : planOf(rows[0])
      if (stored?.digest !== digest) throw new PlanExistsError(plan.plan, stored?.digest ?? '')
      return stored
    })
  }

  /** The ledger at the creation of the plan. For older plans: the ledger at the schema upgrade that introduced this record. */
  async ledgerOf(plan: string): Promise<LedgerFacts | undefined> {
    const { rows } = await this.pool.query<{ content: LedgerFacts }>(
      'select content from plan_ledger where plan = $1',
      [plan],
    )
    return rows[0]?.content
  }

  /** The plan with this name; undefined if there is none. */
  async find(plan: string): Promise<StoredPlan | undefined> {
    const { rows } = await this.pool.query<PlanRow>(`select ${columns} from plan where plan = $1`, [plan])
    return rows[0] === undefined ? undefined : planOf(rows[0])
  }

  /** @throws NotStoredError */
  async get(plan: string): Promise<StoredPlan> {
    const found = await this.find(plan)
    if (found === undefined) throw new NotStoredError('plan', plan)
    return found
  }

  /** All plans, or those in which one organisation takes part, by name. */
  async list(organisation?: string): Promise<StoredPlan[]> {
    const { rows } = await this.pool.query<PlanRow>(
      `select ${columns} from plan where $1::text is null or $1 = any (organisations) order by plan`,
      [organisation ?? null],
    )
    return rows.map(planOf)
  }
}

const columns = 'digest, content, created_by, created_at_ms'

interface PlanRow {
  digest: string
  content: GivenPlan
  created_by: Actor
  created_at_ms: string
}

function planOf(row: PlanRow): StoredPlan {
  return {
    content: upgradePlan(row.content),
    given: row.content,
    digest: row.digest,
    createdBy: row.created_by,
    createdAtMs: Number(row.created_at_ms),
  }
}
