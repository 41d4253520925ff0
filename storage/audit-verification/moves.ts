import { createPublicKey, verify } from 'node:crypto'
import { applyEvent, type Migration } from '../../domain/move/migration.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { signoffText } from '../../domain/move/signoff.ts'
import { columnsOf, moveOf, type ProjectionRow } from '../migrations.ts'
import type { Queryable } from '../pool.ts'
import type { Expected } from './expected.ts'
import type { Findings } from './findings.ts'
import { rowsOf } from './rows.ts'

interface Row {
  migration: string
  system: string
  number: number
  organisations: string[]
  sequence: number
  phase: string
  standing: string
  content: string
}

/** Folds the events of each move again, and compares what they add up to with its state; checks the signatures in it. */
export async function verifyMoves(
  client: Queryable,
  { moves }: Expected,
  keys: ReadonlyMap<string, string>,
  findings: Findings,
): Promise<void> {
  const seen = new Set<string>()
  const sql =
    'select migration, system, number, organisations, sequence, phase, standing, content::text as content from migration'
  for await (const row of rowsOf<Row>(client, sql, 20)) {
    findings.saw('migration')
    seen.add(row.migration)
    const at = { table: 'migration', record: row.migration, witness: 'events' } as const
    const content = findings.json(row.content, { ...at, column: 'content' })
    const folded = await foldedAnew(client, row.migration)
    if (typeof folded === 'string') {
      findings.differs({ ...at, column: 'content', found: folded, expected: 'events that follow each other' })
      continue
    }
    const columns = Object.entries(columnsOf(folded))
    for (const [column, expected] of columns)
      findings.same({ ...at, column, found: row[column as keyof Row], expected })
    const known = content as ProjectionRow['content']
    // Both as they are read: reasons of earlier versions had another form.
    const [found, expected] = [moveOf({ content: known }), moveOf({ content: folded })]
    for (const column of new Set([...Object.keys(found), ...Object.keys(expected)]) as Set<keyof Migration>)
      findings.same({ ...at, column: `content.${column}`, found: found[column], expected: expected[column] })
    checkSignatures(folded, keys, findings)
  }
  for (const migration of moves)
    if (!seen.has(migration)) findings.missing({ table: 'migration', record: migration, witness: 'events' })
}

/** A text says why the events do not follow each other. */
async function foldedAnew(client: Queryable, migration: string): Promise<Migration | string> {
  const { rows } = await client.query<{ content: MigrationEvent }>(
    'select content from event where migration = $1 order by sequence',
    [migration],
  )
  let folded: Migration | undefined
  try {
    for (const { content } of rows) folded = applyEvent(folded, content)
  } catch (error) {
    return String(error)
  }
  return folded === undefined ? 'no events' : (JSON.parse(JSON.stringify(folded)) as Migration)
}

function checkSignatures(m: Migration, keys: ReadonlyMap<string, string>, findings: Findings): void {
  for (const signoff of m.signoffs) {
    const { digest, party, organisation, account, reportVersion, signature, keyId } = signoff
    const { profile } = m.plan.policy
    const who = { party, organisation, account, decision: 'recognise' as const }
    const text = signoffText({
      migration: m.migration,
      system: m.plan.system,
      profile,
      reportVersion,
      digest,
      ...who,
    })
    check(keyId, text, signature, `signoffs of ${account}`)
  }
  const release = m.retention?.release
  if (release?.signed !== undefined) {
    const { keyId, signedText, signature } = release.signed
    check(keyId, signedText, signature, `release of ${release.by.account}`)
  }

  function check(keyId: string, text: string, signature: string, column: string): void {
    const pem = keys.get(keyId)
    // A key that has been replaced since is not on record any more.
    if (pem === undefined) findings.earlier('account', `public_key_pem ${keyId}`)
    else if (!isSigned(pem, text, signature))
      findings.differs({
        ...{ table: 'migration', record: m.migration, witness: 'key', column },
        found: signature,
        expected: keyId,
      })
  }
}

function isSigned(pem: string, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), createPublicKey(pem), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
