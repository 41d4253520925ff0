import type { AuditEntry } from '../audit-chain.ts'
import { jsonDigest } from '../digest.ts'
import type { Queryable } from '../pool.ts'
import type { Expected } from './expected.ts'
import { isBelow, type Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

/** Compares each entry of the ledger with its last import. */
export async function verifySystems(
  client: Queryable,
  { imports }: Expected,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql = 'select system, content::text as content, programme from system'
  for await (const row of rowsOf<{ system: string; content: string; programme: string }>(client, sql)) {
    findings.saw('system')
    seen.add(row.system)
    const entry = imports.get(row.system)
    const at = { table: 'system', record: row.system, sequence: entry?.sequence } as const
    const content = findings.json(row.content, { ...at, column: 'content' })
    const named = isBelow(content) ? content['system'] : undefined
    findings.same({ ...at, column: 'system', found: row.system, expected: named, witness: 'content' })
    if (entry === undefined) findings.unrecorded(at)
    else {
      findings.standsFor({ ...at, column: 'content', found: content, expected: entry.detail['system'] })
      const { programme } = entry.detail
      if (programme === undefined) findings.earlier('system', 'programme')
      else findings.same({ ...at, column: 'programme', found: row.programme, expected: programme })
    }
  }
  for (const [system, { sequence }] of imports)
    if (!seen.has(system)) findings.missing({ table: 'system', record: system, sequence })
}

interface PlanRow {
  plan: string
  system: string
  organisations: string[]
  digest: string
  content: string
  created_by: string
  created_at_ms: string
  ledger: string | null
  before_bindings: boolean
}

const plans = `
  select p.plan, p.system, p.organisations, p.digest, p.content::text as content, p.created_by::text as created_by,
         p.created_at_ms, l.content::text as ledger, b.plan is not null as before_bindings
    from plan p left join plan_ledger l on l.plan = p.plan left join plan_before_bindings b on b.plan = p.plan`

/** Compares plans, and what the ledger said when they were made, with the entries of their making. Gives their digests, by name. */
export async function verifyPlans(
  client: Queryable,
  { plans: created }: Expected,
  findings: Findings,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>()
  const boundSinceMs = await schemaAppliedAtMs(client, 9)
  for await (const row of rowsOf<PlanRow>(client, plans, 50)) {
    findings.saw('plan')
    const entry = created.get(row.plan)
    const at = { table: 'plan', record: row.plan, sequence: entry?.sequence } as const
    const digest = checkPlan(row, findings)
    digests.set(row.plan, digest)
    if (entry === undefined) {
      findings.unrecorded(at)
      continue
    }
    const by = findings.json(row.created_by, { ...at, column: 'created_by' })
    findings.same({ ...at, column: 'content', found: digest, expected: entry.detail['digest'] })
    findings.same({ ...at, column: 'system', found: row.system, expected: entry.detail['system'] })
    findings.same({ ...at, column: 'created_by', found: by, expected: entry.actor })
    findings.same({ ...at, column: 'created_at_ms', found: Number(row.created_at_ms), expected: entry.atMs })
    checkLedger(row, entry, findings)
    if (!row.before_bindings) continue
    findings.saw('plan_before_bindings')
    if (boundSinceMs !== undefined && entry.atMs > boundSinceMs)
      findings.unrecorded({ table: 'plan_before_bindings', record: row.plan })
  }
  for (const [plan, { sequence }] of created)
    if (!digests.has(plan)) findings.missing({ table: 'plan', record: plan, sequence })
  return digests
}

/** Gives the digest of the plan as it is. */
function checkPlan(row: PlanRow, findings: Findings): string {
  const at = { table: 'plan', record: row.plan, witness: 'content' } as const
  const content = findings.json(row.content, { ...at, column: 'content' })
  const { plan, system, organisations } = isBelow(content, 'organisations')
    ? content
    : { plan: undefined, system: undefined, organisations: {} }
  const digest = jsonDigest(content ?? null)
  findings.same({ ...at, column: 'digest', found: row.digest, expected: digest })
  findings.same({ ...at, column: 'plan', found: row.plan, expected: plan })
  findings.same({ ...at, column: 'system', found: row.system, expected: system })
  findings.same({
    ...{ ...at, column: 'organisations' },
    found: [...row.organisations].sort(),
    expected: Object.values(organisations).map(String).sort(),
  })
  return digest
}

function checkLedger(row: PlanRow, { detail, sequence }: AuditEntry, findings: Findings): void {
  const at = { table: 'plan_ledger', record: row.plan, sequence } as const
  if (row.ledger !== null) findings.saw('plan_ledger')
  const content = row.ledger === null ? null : findings.json(row.ledger, { ...at, column: 'content' })
  const { ledgerDigest } = detail
  if (ledgerDigest === undefined) findings.earlier('plan_ledger', 'content')
  else findings.same({ ...at, column: 'content', found: jsonDigest(content), expected: ledgerDigest })
}

async function schemaAppliedAtMs(client: Queryable, version: number): Promise<number | undefined> {
  const { rows } = await client.query<{ at_ms: number }>(
    'select (extract(epoch from applied_at) * 1000)::float8 as at_ms from schema_version where version = $1',
    [version],
  )
  return rows[0]?.at_ms
}
