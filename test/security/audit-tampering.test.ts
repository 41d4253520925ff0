import { beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { sentences } from '../../domain/words/catalogue.ts'
import { say } from '../../domain/words/said.ts'
import { emptyHead, nextLine, type AuditEntry } from '../../storage/audit-chain.ts'
import { AuditLog } from '../../storage/audit.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import { jsonDigest } from '../../storage/digest.ts'
import { foldAnew } from '../../storage/folded-anew.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { rights } from '../../storage/rights.ts'
import { actors } from '../support/actors.ts'
import { samplePlan } from '../support/plan.ts'
import { useDatabase } from '../support/database.ts'
import { fillRecord } from './recorded-room.ts'

const database = useDatabase()
const verified = async () => verifyAudit(database.as('api'))

/** What may change without being found, and why. */
const mayChange: Readonly<Record<string, string>> = {
  step_journal: 'progress of steps; what came of them is an event',
  step_mark: 'progress of steps; what came of them is an event',
  way_back_measurement: 'thinned as it grows old; a change of state is an event',
  folded_by: 'a wrong one has every state folded anew at the next start, which is put on record',
  plan_before_bindings: 'has one column; a row that is added is found, see below',
  'command.given_at_ms': 'asked again, a command is asked now',
  'launch.at_ms': 'requested again, a launch is requested now; an earlier time is found',
  'secret_address.decision': 'numbers alone; the order of the decisions is compared',
  'schema_version.applied_at': 'only says which plans may be older than bound secrets',
  'audit_head.one': 'is always true',
}

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
}

/** Somebody with every right: triggers and checks are put aside. */
async function tamper<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('set session_replication_role = replica')
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Does something to the record, verifies, and puts the record back. */
async function after(work: (client: pg.Client) => Promise<unknown>) {
  return tamper(async (client) => {
    await work(client)
    try {
      return await verified()
    } finally {
      const back = Object.keys(rights).map(
        (table) =>
          `delete from ${table}; insert into ${table} overriding system value select * from saved.${table}`,
      )
      await client.query(`begin; ${back.join('; ')}; commit`)
    }
  })
}

async function columnsToChange(): Promise<readonly Column[]> {
  const { rows } = await database.pool.query<Column>(
    `select table_name::text as table, column_name::text as name, udt_name::text as type from information_schema.columns
      where table_schema = 'public' order by table_name, ordinal_position`,
  )
  return rows.filter(({ table, name }) => !(table in mayChange) && !(`${table}.${name}` in mayChange))
}

/** The first record, the last one and two between: there are many entries of the log. */
function spread(count: number): readonly number[] {
  if (count <= 4) return Array.from({ length: count }, (_, index) => index)
  return [0, Math.floor(count / 3), Math.floor((2 * count) / 3), count - 1]
}

/** Another value of the type, as SQL over the old one. */
function otherValue({ name, type }: Column): string {
  switch (type) {
    case 'text':
      return `case when ${name} is null then 'x' when ${name} ~ '^[0-9a-f]{16,64}$' then translate(${name}, '0123456789abcdef', '123456789abcdef0')
                   else ${name} || 'x' end`
    case 'json':
      return `case when ${name} is null then '{}' when ${name}::text like '{"%' then '{"more":1,' || substr(${name}::text, 2)
                   else '{"more":1}' end::json`
    case 'int4':
    case 'int8':
      return `coalesce(${name}, 0) + 1000`
    case 'bool':
      return `not ${name}`
    case 'bytea':
      return `${name} || '\\x00'::bytea`
    case '_text':
      return `array_append(coalesce(${name}, '{}'), 'x')`
    default:
      throw new Error(`"${name}" has a type nobody has a change for: "${type}".`)
  }
}

beforeAll(async () => {
  await fillRecord(database)
  await tamper(async (client) => {
    await client.query('create schema saved')
    for (const table of Object.keys(rights))
      await client.query(`create table saved.${table} as select * from ${table}`)
    const { rows } = await client.query<{ drop: string }>(
      `select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as drop
         from pg_constraint where contype in ('c', 'f') and connamespace = 'public'::regnamespace`,
    )
    for (const { drop } of rows) await client.query(drop)
  })
})

describe('what is on record', () => {
  it('is verified as the product has written it, and says what was looked at', async () => {
    const { faults, verified: holds, looked, notLooked } = await verified()
    expect(faults).toEqual([])
    expect(holds).toBe(true)
    const seen = new Set<string>(looked.map(({ table }) => table))
    expect(Object.keys(rights).filter((table) => !(table in mayChange) && !seen.has(table))).toEqual([])
    expect(notLooked.map(({ code }) => code)).toEqual([
      'audit-not-outside',
      'audit-not-refusals',
      'audit-not-working-state',
      'audit-not-temporal',
    ])
  })

  it('is not: any column of any record changed is found, with the record, what it is and was to be, and what to do', async () => {
    const unfound: string[] = []
    let changes = 0
    for (const column of await columnsToChange()) {
      const { table, name } = column
      const { rows } = await database.pool.query<{ place: string }>(
        `select ctid::text as place from ${table}`,
      )
      expect({ table, rows: rows.length }).not.toEqual({ table, rows: 0 })
      for (const place of spread(rows.length)) {
        changes += 1
        const found = await after((client) =>
          client.query(
            `update ${table} set ${name} = ${otherValue(column)} where ctid = (select ctid from ${table} order by ctid offset ${place} limit 1)`,
          ),
        )
        if (found.faultCount === 0 || found.verified) unfound.push(`${table}.${name} [${place}]`)
        for (const fault of found.faults) {
          expect(fault.record).not.toBe('')
          expect(fault.found).not.toBe(fault.expected)
          for (const { code } of [fault.what, fault.next]) expect(sentences).toHaveProperty(code)
          expect(say('zh', fault.what)).not.toMatch(/\{\w+(:\w+)?\}|undefined/)
        }
      }
    }
    expect(unfound).toEqual([])
    expect(changes).toBeGreaterThan(150)
    expect(await verified()).toMatchObject({ verified: true })
  }, 300_000)

  it('is not: any record that is removed is found', async () => {
    const unfound: string[] = []
    for (const table of new Set((await columnsToChange()).map((column) => column.table))) {
      const { rowCount } = await database.pool.query(`select from ${table}`)
      for (const place of spread(rowCount ?? 0)) {
        const found = await after((client) =>
          client.query(
            `delete from ${table} where ctid = (select ctid from ${table} order by ctid offset ${place} limit 1)`,
          ),
        )
        if (found.verified) unfound.push(`${table} [${place}]`)
      }
    }
    // Facts and files of playbooks that no event and no plan here names.
    expect(unfound).toEqual(['fact [2]', 'playbook_file [0]'])
  }, 120_000)

  it('is not: JSON that two readers read differently is found', async () => {
    const unfound: string[] = []
    for (const { table, name, type } of await columnsToChange()) {
      if (type !== 'json') continue
      for (const change of [
        // The first key once more, before itself: a reader that takes the last one sees no change.
        `regexp_replace(${name}::text, '^\\{("[^"]+")\\s*:', '{\\1:"other",\\1:')`,
        `regexp_replace(${name}::text, '^\\{', '{"\\ud800":1,')`,
        `regexp_replace(${name}::text, '^\\{', '{"more":12345678901234567890,')`,
      ]) {
        const found = await after((client) =>
          client.query(`update ${table} set ${name} = (${change})::json where ${name}::text like '{"%'`),
        )
        if (!found.faults.some(({ what }) => what.code === 'audit-json-not-strict'))
          unfound.push(`${table}.${name}: ${change}`)
      }
    }
    expect(unfound).toEqual([])
  }, 120_000)
})

describe('a log whose end was cut off', () => {
  it('is found by the end that is kept beside it, also when the log has gone on', async () => {
    const cut = 'delete from audit_entry where sequence = (select max(sequence) from audit_entry)'
    const found = await after((client) => client.query(cut))
    expect(found.faults.map(({ what }) => what.code)).toEqual(['audit-cut-off'])
    const gone = await after(async (client) => {
      await client.query(cut)
      await new AuditLog(database.as('api')).append({
        atMs: 1,
        kind: 'refusal',
        subject: '/other',
        detail: {},
      })
    })
    expect(gone.faults.map(({ what }) => what.code)).toEqual(['audit-cut-off'])
  })
})

describe('an event in the name of a person', () => {
  it.each([
    ['the go, by nobody’s command', { type: 'cutover-decided', data: { decision: 'go', reason: 'x' } }],
    [
      'by a command that was carried out before',
      { type: 'paused', data: { reason: '雨 rain' }, command: 'pause-1' },
    ],
    ['by a command that said otherwise', { type: 'resumed', data: { note: 'rain' }, command: 'resume-1' }],
    [
      'by a command of another person',
      { type: 'resumed', command: 'resume-1', actor: actors.owner, data: {} },
    ],
    ['a launch', { type: 'launched', data: { plan: samplePlan(), planDigest: 'd' }, actor: actors.vendor }],
    [
      'after a settling nobody asked for',
      { type: 'rollback-requested', data: { reason: 'x', automatic: false } },
    ],
  ])('that the person has not asked for is found, whoever has written it: %s', async (_, made) => {
    const moves = new MigrationStore(database.pool)
    const sequence = (await moves.sequenceOf('permit-desk-1')) + 1
    const event = { migration: 'permit-desk-1', sequence, atMs: 999, actor: actors.operations, ...made }
    const found = await after(async () => moves.append([event as unknown as MigrationEvent]))
    expect(found.verified).toBe(false)
    expect(found.faults).toContainEqual(
      expect.objectContaining({
        record: `permit-desk-1/${String(sequence)}`,
        what: expect.objectContaining({ code: 'audit-not-asked-for' }),
        next: expect.objectContaining({ code: 'audit-next-not-asked-for' }),
      }),
    )
  })
})

/** Writes the whole chain anew over entries that were changed, and its end too. */
async function rehash(client: pg.Client, change: (entry: AuditEntry) => AuditEntry): Promise<void> {
  const { rows } = await client.query<{ entry: AuditEntry }>(
    'select entry from audit_entry order by sequence',
  )
  let head = emptyHead
  for (const { entry } of rows) {
    const line = nextLine(head, change(entry))
    head = { sequence: line.entry.sequence, hash: line.hash }
    await client.query(
      'update audit_entry set kind = $2, subject = $3, entry = $4, previous_hash = $5, leaf_hash = $6, hash = $7 where sequence = $1',
      [
        entry.sequence,
        line.entry.kind,
        line.entry.subject,
        JSON.stringify(line.entry),
        line.previousHash,
        line.leafHash,
        line.hash,
      ],
    )
  }
  await client.query('update audit_head set sequence = $1, hash = $2', [head.sequence, head.hash])
}

describe('a log that was written anew as a whole', () => {
  it.each([
    'event',
    'account-set',
    'system-imported',
    'plan-created',
    'launch-requested',
    'command-given',
    'evidence-stored',
    'secret-address',
    'playbook-run',
    'playbook-run-ended',
    'workflow-ended',
  ])('is found by the records beside it when it tells otherwise of: %s', async (kind) => {
    const found = await after((client) =>
      rehash(client, (entry) => {
        if (entry.kind !== kind) return entry
        const { actor, detail } = entry
        if (kind === 'account-set') return { ...entry, detail: { ...detail, role: 'auditor' } }
        if (kind === 'system-imported') return { ...entry, detail: { ...detail, system: { mlpsLevel: 1 } } }
        if (kind === 'workflow-ended') return { ...entry, detail: { ...detail, end: { how: 'gone' } } }
        if (actor === undefined || actor.role === 'engine') return { ...entry, atMs: entry.atMs + 1 }
        return { ...entry, actor: { ...actor, account: 'somebody-else' } }
      }),
    )
    expect(found.verified).toBe(false)
  })

  it('is not found by the server where nothing else is on record, and the verdict says so', async () => {
    const found = await after((client) =>
      rehash(client, (entry) => (entry.kind === 'refusal' ? { ...entry, atMs: 5 } : entry)),
    )
    expect(found).toMatchObject({ verified: true })
    expect(found.notLooked.map(({ code }) => code)).toContain('audit-not-outside')
  })

  it('is found by the signer’s key when a signature was changed in all places', async () => {
    const other = Buffer.alloc(64).toString('base64')
    const found = await after(async (client) => {
      const { rows } = await client.query<{ signature: string }>(
        `select content -> 'data' -> 'signoff' ->> 'signature' as signature from event where type = 'signed-off'`,
      )
      const { signature } = rows[0]!
      await client.query(
        `update event set content = replace(content::text, '${signature}', '${other}')::json`,
      )
      await client.query(
        `update migration set content = replace(content::text, '${signature}', '${other}')::json`,
      )
      const events = await client.query<{ position: string; content: unknown }>(
        'select position, content from event',
      )
      const byPosition = new Map(events.rows.map(({ position, content }) => [Number(position), content]))
      await rehash(client, (entry) => {
        const event = byPosition.get(entry.sequence)
        if (event === undefined) return entry
        const text = JSON.stringify(entry.detail).replaceAll(signature, other)
        return { ...entry, detail: { ...(JSON.parse(text) as object), eventDigest: jsonDigest(event) } }
      })
    })
    expect(found.faults.map(({ what, column }) => [what.values['witness'], column])).toEqual([
      // Nor has the owner asked for that.
      [undefined, 'content.actor'],
      ['key', 'signoffs of owner-li'],
    ])
  })
})

describe('a plan that was made after secrets were bound', () => {
  it('is not one from before, whoever says so', async () => {
    const found = await after((client) =>
      client.query(`insert into plan_before_bindings values ('late-plan')`),
    )
    expect(found.faults).toMatchObject([{ table: 'plan_before_bindings', record: 'late-plan' }])
  })
})

describe('the state of a move that is not what its events add up to', () => {
  it('becomes it when the owner of the tables folds anew, and the log says so', async () => {
    await tamper((client) => client.query(`update migration set phase = 'closing'`))
    expect((await verified()).faults.map(({ next }) => next.code)).toEqual(['audit-next-fold'])
    expect(await foldAnew(database.pool, { asked: true })).toEqual(['permit-desk-1'])
    expect(await foldAnew(database.pool)).toEqual([])
    expect(await verified()).toMatchObject({ verified: true })
    const lines = await new AuditLog(database.pool).list((await new AuditLog(database.pool).newest()) - 1, 1)
    expect(lines[0]?.entry).toMatchObject({ kind: 'projection-folded-anew', subject: 'permit-desk-1' })
  })
})
