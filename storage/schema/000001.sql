-- Rows that are written once and never changed: events, the audit log, reports, plans, evidence, facts. Columns of type json
-- keep the exact text they were given, which jsonb would not, and accept every character that JSON can contain.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'Rows of "%" are written once: % is refused. Add a new row instead.', tg_table_name, tg_op
    using errcode = 'insufficient_privilege';
end
$$;

create table account (
  account text primary key,
  role text not null check (role in ('coordinator', 'owner', 'provider', 'vendor', 'operations', 'auditor')),
  organisation text not null,
  name text not null,
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  key_id text unique check (key_id ~ '^[0-9a-f]{16}$'),
  public_key_pem text,
  check ((key_id is null) = (public_key_pem is null))
);

create table system (
  system text primary key,
  content json not null
);

create table plan (
  plan text primary key,
  system text not null references system,
  organisations text[] not null,
  digest text not null,
  content json not null,
  created_by json not null,
  created_at_ms bigint not null
);

create table launch (
  migration text primary key,
  system text not null references system,
  number integer not null,
  plan text not null references plan,
  request_id text not null unique,
  by_actor json not null,
  at_ms bigint not null,
  unique (system, number)
);

create table audit_entry (
  sequence bigint primary key check (sequence > 0),
  kind text not null,
  subject text not null,
  entry json not null,
  previous_hash text not null,
  leaf_hash text not null,
  hash text not null unique
);

create table event (
  migration text not null,
  sequence integer not null check (sequence > 0),
  type text not null,
  content json not null,
  -- The event's place in the audit log, which orders the events of all moves.
  position bigint not null unique references audit_entry,
  primary key (migration, sequence)
);

create table migration (
  migration text primary key,
  system text not null,
  number integer not null,
  organisations text[] not null,
  sequence integer not null,
  phase text not null,
  standing text not null,
  content json not null
);
create index migration_of_system on migration (system, number desc);

create table evidence (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  bytes bytea not null
);

create table evidence_upload (
  digest text not null references evidence,
  organisation text not null,
  account text not null,
  name text not null,
  at_ms bigint not null,
  primary key (digest, account, name)
);

-- The moves to which a file is attached: whoever may read such a move may read the file.
create table evidence_use (
  digest text not null,
  migration text not null,
  primary key (digest, migration)
);

create table report (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  migration text not null,
  version integer not null,
  content text not null,
  unique (migration, version)
);

create table fact (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  content text not null
);

create table step_journal (
  run_id text not null,
  step_id text not null,
  ordinal bigint generated always as identity,
  status text not null check (status in ('started', 'done', 'failed', 'skipped', 'undone')),
  attempt integer not null,
  facts_before json,
  result json,
  error text,
  primary key (run_id, step_id)
);

create table step_mark (
  run_id text not null,
  step_id text not null,
  name text not null,
  ordinal bigint generated always as identity,
  at_ms bigint not null,
  detail json,
  primary key (run_id, step_id, name),
  foreign key (run_id, step_id) references step_journal
);

create table way_back_measurement (
  migration text not null,
  at_ms bigint not null,
  content json not null,
  primary key (migration, at_ms)
);

create table availability_probe (
  migration text not null,
  round integer not null,
  at_ms bigint not null,
  good boolean not null,
  latency_ms double precision,
  found text,
  primary key (migration, round, at_ms)
);

create trigger written_once before update or delete on audit_entry for each row execute function refuse_change();
create trigger never_emptied before truncate on audit_entry execute function refuse_change();
create trigger written_once before update or delete on event for each row execute function refuse_change();
create trigger never_emptied before truncate on event execute function refuse_change();
create trigger written_once before update or delete on report for each row execute function refuse_change();
create trigger never_emptied before truncate on report execute function refuse_change();
create trigger written_once before update or delete on plan for each row execute function refuse_change();
create trigger never_emptied before truncate on plan execute function refuse_change();
create trigger written_once before update or delete on evidence for each row execute function refuse_change();
create trigger never_emptied before truncate on evidence execute function refuse_change();
create trigger written_once before update or delete on fact for each row execute function refuse_change();
create trigger never_emptied before truncate on fact execute function refuse_change();
