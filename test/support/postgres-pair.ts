import { readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import type { DatabasePlace } from '../../domain/host.ts'
import { PostgresDatabase } from '../../families/postgresql/database.ts'
import { LedgerWriters } from '../../families/postgresql/rehearsal/ledger-writers.ts'
import { type ReplicationPlan, startReplication } from '../../families/postgresql/replication/start.ts'
import type { SwitchPlan } from '../../families/postgresql/switchover/plan.ts'
import { DirectEntry } from '../../families/postgresql/direct/direct-entry.ts'
import { PooledEntry } from '../../families/postgresql/pgbouncer/pooled-entry.ts'
import type { Pooler } from '../../families/postgresql/pgbouncer/pooler.ts'
import { LocalHost } from './local-host.ts'
import { type EntryOptions, type TestEntry, startEntry } from './postgres-entry.ts'
import {
  type TestServer,
  adminPassword,
  adminUser,
  appPassword,
  makeFolder,
  removeFolder,
  startServer,
} from './postgres-servers.ts'

export const appRole = 'permit_app'
export const database = 'permit'

/** PostgreSQL 15 as the old side, 18 as the new one, pgbouncer in front: what the lab has, without its hosts. */
export interface Pair {
  readonly folder: string
  readonly old: TestServer
  readonly new: TestServer
  readonly entry: TestEntry
  readonly source: PostgresDatabase
  readonly target: PostgresDatabase
  /** The new side is a managed service. */
  readonly isManaged?: true
  stop(): Promise<void>
}

export async function startPair(
  name: string,
  options: EntryOptions = {},
  start = startServer,
): Promise<Pair> {
  const folder = await makeFolder(name)
  const [old, neu] = await Promise.all([start(folder, 'old', 15), start(folder, 'new', 18)])
  const entry = await startEntry(
    folder,
    [
      `${database} = host=127.0.0.1 port=${old.port} dbname=${database}`,
      `other = host=127.0.0.1 dbname=other`,
    ],
    [appRole],
    options,
  )
  return {
    folder,
    old,
    new: neu,
    entry,
    source: port('source', old.port),
    target: port('target', neu.port),
    async stop() {
      await Promise.all([old.stop(), neu.stop(), entry.stop()])
      await removeFolder(folder)
    },
  }
}

/** A database port of the runner's own, to any database of a test's server. */
export function port(
  role: DatabasePlace['host'],
  number: number,
  name = database,
  place: ConstructorParameters<typeof PostgresDatabase>[3] = {},
): PostgresDatabase {
  const ref: DatabasePlace = {
    host: role,
    address: '127.0.0.1',
    port: number,
    database: name,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
  }
  return new PostgresDatabase(
    role,
    ref,
    async (secret) => (secret === 'admin' ? adminPassword : appPassword),
    place,
  )
}

/** The application's role and database on the old side, with tables of every kind that matters. */
export async function makeApplication(pair: Pair): Promise<void> {
  const { database: name } = pair.source
  await withServer(pair.old.port, 'postgres', async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [appRole])
    if (rowCount === 0) await client.query(`create role ${appRole} login password '${appPassword}'`)
    await client.query(`create database ${client.escapeIdentifier(name)} owner ${appRole}`)
  })
  await withServer(
    pair.old.port,
    name,
    async (client) => client.query(applicationSchema),
    appRole,
    appPassword,
  )
}

/** The pair as another database of its servers sees it, with a line of its own in the pooler's file. */
export async function addDatabase(pair: Pair, name: string): Promise<Pair> {
  const { entry, old, new: neu } = pair
  const lines = readFileSync(entry.databasesFile, 'utf8')
  const added = `${name} = host=127.0.0.1 port=${String(old.port)} dbname=${name}`
  writeFileSync(entry.databasesFile, lines.replace(`${database} = `, `${added}\n${database} = `))
  const console = await entry.admin()
  await console.query('reload')
  await console.end()
  return { ...pair, source: port('source', old.port, name), target: port('target', neu.port, name) }
}

const writersTable = 'public.qianyun_rehearsal_ledger'

/** Writers that use the application's database through the entry, with a pause after each write. */
export async function startWriters({ entry, source }: Pair, pauseMs = 10): Promise<LedgerWriters> {
  const { database: name } = source
  const place = {
    address: '127.0.0.1',
    port: entry.port,
    database: name,
    user: appRole,
    password: appPassword,
    table: writersTable,
  }
  return LedgerWriters.start(place, 4, pauseMs)
}

export async function withServer<T>(
  serverPort: number,
  name: string,
  work: (client: pg.Client) => Promise<T>,
  user = adminUser,
  password = adminPassword,
): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: serverPort,
    database: name,
    user,
    password,
    // What a fence leaves on the side that is closed.
    options: '-c default_transaction_read_only=off',
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const never = new AbortController().signal

export async function replicate(
  pair: Pair,
  waivers: Readonly<Record<string, string>> = {},
  changed: Partial<ReplicationPlan> = {},
): Promise<Awaited<ReturnType<typeof startReplication>>> {
  return startReplication({
    from: pair.source,
    to: pair.target,
    waivers,
    replace: false,
    freeze: 'record',
    copyTimeoutMs: 20_000,
    signal: never,
    say: () => undefined,
    ...changed,
  })
}

/** The plan of a switch from one side to the other, with the bounds the tests use. */
export function switchPlan(
  pair: {
    readonly entry: Pick<TestEntry, 'port' | 'databasesFile' | 'adminUser' | 'adminPassword' | 'weakLogin'>
  },
  from: PostgresDatabase,
  to: PostgresDatabase,
  changed: Partial<SwitchPlan> = {},
): SwitchPlan {
  return {
    from,
    to,
    entry: new PooledEntry({
      name: from.database,
      host: new LocalHost('entry'),
      file: pair.entry.databasesFile,
      console: {
        address: '127.0.0.1',
        port: pair.entry.port,
        user: pair.entry.adminUser,
        password: pair.entry.adminPassword,
        weakLogin: pair.entry.weakLogin,
      },
    }),
    deadlineMs: 5_000,
    pauseTimeoutMs: 1_000,
    maxTransactionAgeMs: 1_000,
    attempts: 3,
    postponeMs: 200,
    sequenceMargin: 1_000,
    slotTimeoutMs: 5_000,
    waivers: {},
    verifyTables: [],
    recoverForMs: 20_000,
    guarded: false,
    signal: never,
    say: () => undefined,
    ...changed,
  }
}

/** Clients of this machine that connect to the servers themselves. */
export function directEntry(clients: readonly string[] = ['127.0.0.1']): DirectEntry {
  return new DirectEntry({ clients, hostsOf: () => [{ name: 'app', host: new LocalHost('app') }] })
}

/** Writers that connect to the servers themselves, and go to the other one when they are refused. */
export async function startDirectWriters(
  { source, target }: Pick<Pair, 'source' | 'target'>,
  pauseMs = 10,
): Promise<LedgerWriters> {
  const placeOf = ({ address, port: number, database: name }: PostgresDatabase) => ({
    ...{ address, port: number, database: name },
    ...{ user: appRole, password: appPassword, table: writersTable },
  })
  return LedgerWriters.start(placeOf(source), 4, pauseMs, { others: [placeOf(target)] })
}

/** The pooler's entry of a plan, changed for a test. */
export function pooled({ entry }: Pick<SwitchPlan, 'entry'>, changed: Partial<Pooler> = {}): PooledEntry {
  if (!(entry instanceof PooledEntry)) throw new TypeError('the plan has another entry')
  const { name, host, file, console, login } = entry
  return new PooledEntry({ name, host, file, console, login, ...changed })
}

const applicationSchema = `
create table permit (
  id bigserial primary key, applicant text not null, state text not null default 'received',
  filed_at timestamptz not null default now(), fee numeric(12,2), note jsonb,
  year integer generated always as (2026) stored);
create table office (id integer generated by default as identity primary key, name text not null unique);
create table audit_line (permit bigint, line text);
alter table audit_line add constraint audit_key primary key (permit, line);
create sequence receipt_number increment by 5 cache 20;
create view open_permits as select * from permit where state = 'received';
create function stamp() returns trigger language plpgsql as $$ begin
  insert into audit_line values (new.id, 'filed'); return new; end $$;
create trigger permit_stamp after insert on permit for each row execute function stamp();
insert into office (name) values ('north'), ('south');
insert into permit (applicant, fee, note) select 'applicant ' || g, g * 1.5, jsonb_build_object('n', g) from generate_series(1, 500) g;
select nextval('receipt_number');
create table ${writersTable} (worker integer not null, number bigint not null, primary key (worker, number));
`
