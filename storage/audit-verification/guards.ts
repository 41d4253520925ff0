import { said } from '../../domain/words/said.ts'
import { findRightsThatDiffer } from '../apply-rights.ts'
import { newestSchema, schemaText } from '../apply-schema.ts'
import type { AuditHead } from '../audit-chain.ts'
import type { Queryable } from '../pool.ts'
import type { Findings } from './findings.ts'

/** Compares the end of the log with the one that is kept beside it. */
export async function verifyEnd(client: Queryable, last: AuditHead, findings: Findings): Promise<void> {
  const { rows } = await client.query<{
    sequence: string
    hash: string
    missed_sequence: string | null
    missed_hash: string | null
  }>('select sequence, hash, missed_sequence, missed_hash from audit_head')
  const [row] = rows
  if (row === undefined) {
    findings.missing({
      table: 'audit_head',
      record: String(last.sequence),
      witness: 'end',
      sequence: last.sequence,
    })
    return
  }
  findings.saw('audit_head')
  const kept = Number(row.sequence)
  if (kept > last.sequence) cutOff(last.sequence, kept)
  else if (kept < last.sequence || row.hash !== last.hash)
    findings.differs({
      ...{ table: 'audit_head', record: row.sequence, column: 'sequence, hash', witness: 'chain' },
      found: `${row.sequence}:${row.hash}`,
      expected: `${last.sequence}:${last.hash}`,
    })
  if (row.missed_sequence !== null || row.missed_hash !== null)
    cutOff(last.sequence, `${row.missed_sequence ?? ''}:${row.missed_hash ?? ''}`)

  function cutOff(found: number, expected: number | string): void {
    findings.add({
      ...{ table: 'audit_head', record: String(expected), found: String(found), expected: String(expected) },
      what: said('audit-cut-off', { found, expected }),
      next: said('audit-next-restore'),
    })
  }
}

/** Looks whether the database keeps the processes from changing what is on record. */
export async function verifyGuards(client: Queryable, findings: Findings): Promise<void> {
  findings.saw('rights')
  const code = [...(await triggersThatDiffer(client)), ...(await functionsThatDiffer(client))]
  for (const { right, is } of [...(await findRightsThatDiffer(client)), ...code]) {
    findings.add({
      ...{ table: 'rights', record: right },
      ...(is === 'missing' ? { found: '—', expected: right } : { found: right, expected: '—' }),
      what: said(is === 'missing' ? 'audit-right-missing' : 'audit-right-too-much', { right }),
      next: said('audit-next-rights'),
    })
  }
  await verifyVersions(client, findings)
}

const writtenOnce = [
  ...['audit_entry', 'event', 'report', 'plan', 'plan_ledger', 'plan_before_bindings', 'evidence', 'fact'],
  ...['evidence_upload', 'evidence_use', 'secret_address', 'command'],
]

async function triggersThatDiffer(client: Queryable) {
  const { rows } = await client.query<{ trigger: string; source: string }>(
    `select tgname || ' on ' || relname as trigger, prosrc as source
       from pg_trigger join pg_class on pg_class.oid = tgrelid join pg_proc on pg_proc.oid = tgfoid
      where relnamespace = current_schema()::regnamespace and not tgisinternal and tgenabled in ('O', 'A')`,
  )
  const text = schemaText()
  // A trigger counts with the function that the schema gave it.
  const there = new Set(rows.filter(({ source }) => text.includes(source)).map(({ trigger }) => trigger))
  const wanted = [
    ...writtenOnce.flatMap((table) => [`written_once on ${table}`, `never_emptied on ${table}`]),
    'continues_the_log on audit_entry',
    'never_emptied on audit_head',
  ]
  const expected = new Set(wanted)
  return [
    ...wanted.filter((trigger) => !there.has(trigger)).map((right) => ({ right, is: 'missing' as const })),
    ...rows
      .filter(({ trigger }) => !expected.has(trigger))
      .map(({ trigger }) => ({ right: trigger, is: 'too-much' as const })),
  ]
}

/** What rules about rows ask; each is as the schema has it. */
const asked = ['was_asked_for', 'is_actor', 'stands']

async function functionsThatDiffer(client: Queryable) {
  const { rows } = await client.query<{ name: string; source: string }>(
    `select proname::text as name, prosrc as source from pg_proc
      where pronamespace = current_schema()::regnamespace and proname = any ($1)`,
    [asked],
  )
  const text = schemaText()
  const there = rows.filter(({ source }) => text.includes(source)).map(({ name }) => name)
  return [
    ...asked.filter((name) => !there.includes(name)),
    // Another of the same name may be taken for it.
    ...there.filter((name, place) => there.indexOf(name) !== place),
  ].map((name) => ({ right: `function ${name}`, is: 'missing' as const }))
}

async function verifyVersions(client: Queryable, findings: Findings): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    'select version from schema_version order by version',
  )
  findings.saw('schema_version')
  findings.same({
    ...{ table: 'schema_version', record: 'all', column: 'version', witness: 'rules' },
    found: rows.map(({ version }) => version),
    expected: Array.from({ length: newestSchema() }, (_, index) => index + 1),
  })
}
