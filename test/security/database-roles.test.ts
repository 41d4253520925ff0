import { beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { processNames, type ProcessName } from '../../domain/process-name.ts'
import { applyRights, findRightsThatDiffer, findTablesNotListed } from '../../storage/apply-rights.ts'
import { applySchema, assertSchema, DatabaseOlderError } from '../../storage/apply-schema.ts'
import { emptyHead, nextLine } from '../../storage/audit-chain.ts'
import { verifyAudit } from '../../storage/audit-verification/verify.ts'
import type { MigrationEvent } from '../../domain/move/event.ts'
import { CommandStore } from '../../storage/commands.ts'
import { FoldedMoves } from '../../storage/folded-moves.ts'
import { MigrationStore } from '../../storage/migrations.ts'
import { rights } from '../../storage/rights.ts'
import { engineActor } from '../../domain/organisation.ts'
import { actors } from '../support/actors.ts'
import { samplePlan } from '../support/plan.ts'
import { useDatabase, useEmptyDatabase } from '../support/database.ts'
import { shortHistory } from '../storage/history.ts'
import { launchOnRecord } from './recorded-room.ts'

const database = useDatabase()
const denied = /permission denied|must be owner|row-level security|written once/

beforeAll(async () => {
  await launchOnRecord(database.as('api'))
  await new MigrationStore(database.as('orchestrator')).append(shortHistory())
})

/** What a role could do to the tables, by the privileges of PostgreSQL. */
const privileges = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'] as const

describe('each process has the rights on each table that are listed, and no others', () => {
  it('lists every table there is', async () => {
    expect(await findTablesNotListed(database.pool)).toEqual([])
    await database.pool.query('create table nobody_listed ()')
    expect(await findTablesNotListed(database.pool)).toEqual(['nobody_listed'])
    await database.pool.query('drop table nobody_listed')
  })

  it.each(processNames)('as PostgreSQL itself tells of the role of the %s', async (process) => {
    for (const [table, byProcess] of Object.entries(rights)) {
      const listed = (byProcess[process] ?? []).map((right) => right.split(' ')[0])
      const { rows } = await database.pool.query<{ privilege: string; holds: boolean }>(
        `select privilege, has_table_privilege($1, $2, privilege) or (privilege in ('select', 'insert', 'update', 'references')
                  and has_any_column_privilege($1, $2, privilege)) as holds
           from unnest($3::text[]) as privilege`,
        [`qianyun_${process}`, table, privileges],
      )
      const held = rows.filter(({ holds }) => holds).map(({ privilege }) => privilege)
      expect({ table, held }).toEqual({ table, held: privileges.filter((name) => listed.includes(name)) })
    }
  })

  it('lets no process change a row of the record, whatever its triggers refuse', () => {
    const record = ['audit_entry', 'audit_head', 'event', 'report', 'fact', 'plan', 'plan_ledger', 'account']
    const ofPeople = ['plan_before_bindings', 'evidence', 'evidence_upload', 'evidence_use', 'secret_address']
    for (const table of [...record, ...ofPeople, 'playbook_file', 'schema_version'])
      for (const process of processNames)
        for (const right of rights[table]?.[process] ?? [])
          expect(`${table} ${right}`).toMatch(/^\S+ (select( \(.*\))?|insert)$/)
    const writers = processNames.filter((process) => rights['account']?.[process]?.includes('insert'))
    expect(writers).toEqual([])
  })

  it('finds a right that somebody has given or taken, and the next start of the owner puts it back', async () => {
    const { pool } = database
    expect(await findRightsThatDiffer(pool)).toEqual([])
    await pool.query(
      'grant delete on audit_entry to qianyun_runner; grant update (hash) on audit_entry to public',
    )
    await pool.query(
      'revoke select on plan from qianyun_runner; alter table command disable row level security',
    )
    const differ = (await findRightsThatDiffer(pool)).map(({ right, is }) => `${is}: ${right}`)
    expect(differ).toEqual(
      expect.arrayContaining([
        'too-much: qianyun_runner delete audit_entry',
        'too-much: public update audit_entry(hash)',
        'missing: qianyun_runner select plan',
        expect.stringMatching(/^missing: rows command command_runner_insert/),
      ]),
    )
    await applyRights(pool)
    expect(await findRightsThatDiffer(pool)).toEqual([])
  })
})

describe.each(processNames)('the role of the %s', (process) => {
  it.each([
    'update audit_entry set kind = kind',
    'delete from audit_entry',
    'truncate audit_entry cascade',
    'alter table audit_entry disable trigger all',
    'alter table audit_entry disable trigger written_once',
    'drop trigger continues_the_log on audit_entry',
    'alter table audit_entry add column mine text',
    'alter table audit_entry disable row level security',
    'drop table audit_entry cascade',
    'update audit_head set sequence = 0',
    'delete from audit_head',
    'insert into audit_head (sequence, hash) values (0, 0)',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return old; end $$',
    'create or replace function continue_audit() returns trigger language plpgsql as $$ begin return new; end $$',
    'alter function continue_audit() set search_path = pg_temp',
    'create function mine() returns int language sql as $$ select 1 $$',
    'create table mine ()',
    'create trigger mine before insert on audit_entry for each row execute function refuse_change()',
    'create rule mine as on insert to audit_entry do instead nothing',
    'set session_replication_role = replica',
    'set role postgres',
    'create role mine superuser',
    `alter role qianyun_api superuser`,
    'update event set content = content',
    'delete from event',
    'truncate event cascade',
    'update report set content = content',
    'delete from plan',
    'update plan_ledger set content = content',
    'insert into plan_before_bindings select plan from plan',
    'update evidence set bytes = bytes',
    'delete from evidence_upload',
    'update fact set content = content',
    'update secret_address set approved = true',
    `insert into account (account, role, organisation, name, token_hash) values ('me', 'owner', 'x', 'x', repeat('0', 64))`,
    `update account set role = 'owner'`,
    'update account set public_key_pem = public_key_pem',
    'delete from account',
    `update command set data = '{}'`,
    'delete from command',
    'insert into schema_version (version) values (99)',
    'delete from schema_version',
    `copy audit_entry to program 'true'`,
  ])('may not: %s', async (sql) => {
    await expect(database.as(process).query(sql)).rejects.toThrow(
      /permission denied|must be owner|row-level security|written once|must be superuser/,
    )
  })

  it('gives nobody what it has', async () => {
    await database
      .as(process)
      .query('grant all on audit_entry to public; grant usage on schema public to public')
    expect(await findRightsThatDiffer(database.pool)).toEqual([])
  })
})

describe('entries of the audit log', () => {
  const entry = (kind: string, sequence: number) =>
    ({ sequence, atMs: 1, kind, subject: 'permit-desk-1', detail: {} }) as never
  const write = async (
    process: ProcessName,
    kind: string,
    change: Readonly<Record<string, unknown>> = {},
  ) => {
    const { rows } = await database.pool.query<{ sequence: string; hash: string }>(
      'select sequence, hash from audit_entry order by sequence desc limit 1',
    )
    const head = { sequence: Number(rows[0]?.sequence ?? 0), hash: rows[0]?.hash ?? emptyHead.hash }
    const line = nextLine(head, entry(kind, head.sequence + 1))
    const row = {
      sequence: head.sequence + 1,
      previous: line.previousHash,
      leaf: line.leafHash,
      hash: line.hash,
      ...change,
    }
    return database
      .as(process)
      .query(
        `insert into audit_entry (sequence, kind, subject, entry, previous_hash, leaf_hash, hash) values ($1, $2, 'permit-desk-1', $3, $4, $5, $6)`,
        [row.sequence, kind, JSON.stringify(line.entry), row.previous, row.leaf, row.hash],
      )
  }

  it.each([
    ['runner', 'event'],
    ['runner', 'account-set'],
    ['runner', 'plan-created'],
    ['runner', 'refusal'],
    ['orchestrator', 'account-set'],
    ['orchestrator', 'launch-requested'],
    ['orchestrator', 'secret-address'],
    ['api', 'account-set'],
  ] as const)('of a kind that is not its own are refused to the %s: %s', async (process, kind) => {
    await expect(write(process, kind)).rejects.toThrow(denied)
  })

  it('follow the last one, whoever writes them', async () => {
    const other = 'a'.repeat(64)
    for (const change of [
      { sequence: 99 },
      { sequence: 1 },
      { previous: other },
      { leaf: other },
      { hash: other },
    ]) {
      await expect(write('runner', 'command-not-given', change)).rejects.toThrow(
        /does not follow|duplicate key/,
      )
    }
    const client = await database.as('runner').connect()
    // A table of one's own under the name of the product's changes nothing.
    await client.query(
      'create temp table audit_entry (sequence bigint, hash text); create temp table audit_head ()',
    )
    await expect(
      client.query(
        `insert into public.audit_entry values (1, 'command-not-given', 'x', '{}', repeat('0', 64), repeat('0', 64), repeat('0', 64))`,
      ),
    ).rejects.toThrow(/does not follow/)
    client.release(true)
    await write('runner', 'command-not-given')
    expect(await verifyAudit(database.as('api'))).toMatchObject({ verified: true, faults: [] })
  })
})

describe('commands', () => {
  const go = {
    migration: 'permit-desk-1',
    name: 'decide-cutover',
    requestId: 'go-1',
    actor: actors.owner,
    data: { decision: 'go', reason: 'now' },
  } as const

  it('of people are given by the API alone, and nobody else makes them new', async () => {
    for (const process of ['runner', 'orchestrator'] as const) {
      await expect(new CommandStore(database.as(process)).give(go, 1)).rejects.toThrow(denied)
    }
    await new CommandStore(database.as('api')).give(go, 1)
    await expect(database.as('orchestrator').query('update command set given_at_ms = 2')).rejects.toThrow(
      denied,
    )
    // To the runner, the row of a person is no row to be made new.
    await database.as('runner').query('update command set given_at_ms = 2')
    expect((await new CommandStore(database.pool).find('permit-desk-1', 'go-1'))?.givenAtMs).toBe(1)
  })

  it('of the product itself are given by the runner', async () => {
    const command = {
      migration: 'permit-desk-1',
      name: 'report-way-back',
      requestId: 'guard-1',
      actor: engineActor,
      data: { state: 'armed', reasons: [] },
    } as const
    await new CommandStore(database.as('runner')).give(command, 1)
    await new CommandStore(database.as('runner')).give(command, 2)
    expect((await new CommandStore(database.pool).find('permit-desk-1', 'guard-1'))?.givenAtMs).toBe(2)
  })

  it('and tokens of people are nothing the workers read', async () => {
    for (const process of ['runner', 'orchestrator'] as const) {
      await expect(database.as(process).query('select token_hash from account')).rejects.toThrow(denied)
      await expect(database.as(process).query('select * from account')).rejects.toThrow(denied)
    }
  })
})

describe('an event that names a person', () => {
  const pause = {
    migration: 'permit-desk-1',
    name: 'pause',
    requestId: 'pause-1',
    actor: actors.operations,
    data: { reason: 'rain' },
  } as const
  const moves = () => new MigrationStore(database.as('orchestrator'))
  const event = async (changed: object) => {
    const sequence = (await moves().sequenceOf('permit-desk-1')) + 1
    const whole = { migration: 'permit-desk-1', sequence, atMs: 9, actor: actors.operations, type: 'paused' }
    return { ...whole, data: { reason: 'rain' }, ...changed } as MigrationEvent
  }
  const release = { statement: 'wipe it', signed: { keyId: 'k', signedText: 't', signature: 's' } }

  beforeAll(async () => {
    await new CommandStore(database.as('api')).give(pause, 1)
    await new CommandStore(database.as('api')).give(
      { ...pause, migration: 'other-desk-1', requestId: 'p-2' },
      1,
    )
  })

  it.each([
    ['names no command', {}],
    ['names a command nobody has given', { command: 'pause-9' }],
    ['names a command of another move', { command: 'p-2' }],
    ['names another person than gave the command', { command: 'pause-1', actor: actors.owner }],
    [
      'says the person had another part',
      { command: 'pause-1', actor: { ...actors.operations, role: 'owner' } },
    ],
    ['says otherwise than the person', { command: 'pause-1', data: { reason: 'sun' } }],
    ['says less than the person', { command: 'pause-1', data: {} }],
    ['is of another kind than the command', { command: 'pause-1', type: 'resumed', data: { note: 'x' } }],
    ['is the go', { type: 'cutover-decided', data: { decision: 'go', reason: 'x' }, command: 'pause-1' }],
    ['is the release', { type: 'retention-released', data: release, actor: actors.owner }],
    [
      'is a launch by another',
      { type: 'launched', data: { plan: samplePlan(), planDigest: 'd' }, actor: actors.owner },
    ],
    [
      'follows a settling nobody asked for',
      { type: 'rollback-requested', data: { reason: 'x', automatic: false } },
    ],
    ['gives a command of the product that it has not given', { actor: engineActor, command: 'guard-9' }],
  ])('is not taken from an orchestrator that was taken over when it %s', async (_, changed) => {
    const made = await event(changed)
    await expect(moves().append([made])).rejects.toThrow(denied)
    // Past the store: the log first, the event alone, and an event whose columns say otherwise.
    const { rows } = await database.pool.query<{ last: string }>(
      'select max(sequence) as last from audit_entry',
    )
    const insert =
      'insert into event (migration, sequence, type, content, position) values ($1, $2, $3, $4, $5)'
    const columns = ['permit-desk-1', made.sequence, made.type, JSON.stringify(made), rows[0]?.last]
    await expect(database.as('orchestrator').query(insert, columns)).rejects.toThrow(/denied|security/)
    const disguised = { ...made, migration: 'other-desk-1', command: 'p-2', type: 'paused', data: pause.data }
    columns[3] = JSON.stringify({ ...disguised, actor: actors.operations })
    await expect(database.as('orchestrator').query(insert, columns)).rejects.toThrow(/denied|security/)
  })

  it('is not to be had by writing the state of the move beside its events: a runner folds them itself', async () => {
    const { rows } = await database.pool.query<{ content: object }>('select content from migration')
    const forged = `update migration set content = jsonb_set(content::jsonb, '{cutover}', '{"decision":"go"}')::json`
    await database.as('orchestrator').query(forged)
    const runner = new MigrationStore(database.as('runner'))
    expect((await runner.get('permit-desk-1')).cutover).toEqual({ decision: 'go' })
    const folded = new FoldedMoves(runner)
    expect((await folded.get('permit-desk-1')).cutover).toBeUndefined()
    expect((await folded.find('permit-desk'))?.cutover).toBeUndefined()
    expect((await verifyAudit(database.as('api'))).verified).toBe(false)
    await database.pool.query('update migration set content = $1', [rows[0]?.content])
  })

  it('is taken when the person has asked for it, once', async () => {
    await moves().append([await event({ command: 'pause-1' })])
    await expect(moves().append([await event({ command: 'pause-1' })])).rejects.toThrow(denied)
    expect(await verifyAudit(database.as('api'))).toMatchObject({ verified: true })
  })
})

describe('a database of an earlier version', () => {
  const old = useEmptyDatabase()

  it('whose tables the role of the product owns gets its rights, and no process upgrades it', async () => {
    await expect(assertSchema(old.pool)).rejects.toThrow(DatabaseOlderError)
    const owner = `owner_${Date.now()}`
    await old.pool.query(`create role ${owner} login password 'o'`)
    try {
      await old.pool.query(`grant all on schema public to ${owner}`)
      const url = new URL(old.url)
      url.username = owner
      url.password = 'o'
      const asOwner = new pg.Pool({ connectionString: url.href })
      await applySchema(asOwner)
      await expect(assertSchema(old.as('api'))).rejects.toThrow(/npm run database/)
      await applyRights(asOwner)
      await assertSchema(old.as('api'))
      // The schema itself is another's, whose rights its owner cannot change.
      const differ = await findRightsThatDiffer(asOwner)
      expect(differ.filter(({ right }) => !right.endsWith('schema'))).toEqual([])
      await launchOnRecord(old.as('api'))
      await new MigrationStore(old.as('orchestrator')).append(shortHistory())
      await asOwner.end()
    } finally {
      await old.pool.query(`drop owned by ${owner} cascade; drop role ${owner}`)
    }
  })
})
