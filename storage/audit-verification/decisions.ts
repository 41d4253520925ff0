import type { Queryable } from '../pool.ts'
import type { Expected } from './expected.ts'
import type { Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

interface AddressRow {
  decision: string
  secret: string
  system: string
  purpose: string
  address: string
  organisation: string
  approved: boolean
  reason: string
  by_actor: string
  at_ms: string
}

/** Compares decisions about addresses of secrets with their entries, one by one in their order: the newest counts. */
export async function verifyAddresses(
  client: Queryable,
  { addresses }: Expected,
  findings: Findings,
): Promise<void> {
  let place = 0
  const sql = `select decision, secret, system, purpose, address, organisation, approved, reason, by_actor::text as by_actor, at_ms
                 from secret_address order by decision`
  for await (const row of rowsOf<AddressRow>(client, sql)) {
    findings.saw('secret_address')
    const entry = addresses[place]
    place += 1
    const at = { table: 'secret_address', record: row.decision, sequence: entry?.sequence } as const
    const by = findings.json(row.by_actor, { ...at, column: 'by_actor' })
    if (entry === undefined) {
      findings.unrecorded(at)
      continue
    }
    const { detail, subject, actor, atMs } = entry
    findings.same({ ...at, column: 'secret', found: row.secret, expected: subject })
    for (const column of ['system', 'purpose', 'address', 'organisation', 'approved', 'reason'] as const)
      findings.standsFor({ ...at, column, found: row[column], expected: detail[column] })
    findings.same({ ...at, column: 'by_actor', found: by, expected: actor })
    findings.same({ ...at, column: 'at_ms', found: Number(row.at_ms), expected: atMs })
  }
  for (const { sequence, subject } of addresses.slice(place))
    findings.missing({ table: 'secret_address', record: subject, sequence })
}

/** Compares workflows that were found ended with the newest entry about each. */
export async function verifyEnds(client: Queryable, { ends }: Expected, findings: Findings): Promise<void> {
  const seen = new Set<string>()
  const sql = 'select migration, content::text as content from workflow_end'
  for await (const row of rowsOf<{ migration: string; content: string }>(client, sql)) {
    findings.saw('workflow_end')
    seen.add(row.migration)
    const entry = ends.get(row.migration)
    const at = { table: 'workflow_end', record: row.migration, sequence: entry?.sequence } as const
    const content = findings.json(row.content, { ...at, column: 'content' })
    if (entry === undefined) findings.unrecorded(at)
    else findings.standsFor({ ...at, column: 'content', found: content, expected: entry.detail['end'] })
  }
  for (const [migration, { sequence }] of ends)
    if (!seen.has(migration)) findings.missing({ table: 'workflow_end', record: migration, sequence })
}
