import { isAdministrator } from './administrator.ts'
import { isApplyRole, isShutApplyRole } from '../replication/apply-role-name.ts'

/**
 * The control database of a server: what side of a move is open, what its fence took away, and the write gaps in which it
 * was left or was to be left.
 *
 * It is a database of its own because the application's database is published whole: a state kept there would travel to
 * the other side. Roles and database privileges are shared by all databases of a server, so one transaction here changes
 * the state and the fence together.
 *
 * What fences is CONNECT of the one database, which everybody loses. A login is shared by all databases of a server as well: it
 * is taken as a second lock only from a role that works in no other one, and given back with any database of that role: a fence notes
 * under \`login\` also whom it left theirs, because the fence of another database may take it later.
 *
 * \`served\` outlives the state of a side: what database was opened since it was filled, and whether what it took is known to be
 * on the other side. It holds for that very database, by its oid; one that was dropped and made anew has served nobody.
 */
export const controlDatabase = 'qianyun_control'

/** SQLSTATE of a compare-and-set that found another state than the one expected. */
export const stateNotAsExpected = 'QY001'

/** Two databases that are fenced or opened at the same time would change the same roles at once, which PostgreSQL refuses. */
const rolesLock = 8_128_002

export const controlSchema = `
create table if not exists cutover_state (
  database text primary key,
  state text not null check (state in ('open', 'closed')),
  generation bigint not null,
  token text not null,
  changed_at timestamptz not null default clock_timestamp(),
  fence jsonb,
  last_switch jsonb
);

create table if not exists cutover_gap (
  number bigint generated always as identity primary key,
  database text not null,
  generation bigint not null,
  began_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  ended_by text check (ended_by in ('runner', 'guardian', 'next-run')),
  bound text check (bound = 'at-most')
);
-- Gaps of before this column were brought to their end by whoever began them.
alter table cutover_gap add column if not exists settled_at timestamptz default '-infinity';
alter table cutover_gap alter column settled_at drop default;

create table if not exists log_look (
  span bigint primary key,
  at timestamptz not null,
  position pg_lsn not null
);

-- Settings of our administrator in a database that is replicated, and what each was before.
create table if not exists session_setting (
  database text not null,
  name text not null,
  had text,
  primary key (database, name)
);

-- A database that has the schema of another one, and no rows of it yet.
create table if not exists copied_schema (
  database text primary key,
  database_oid oid not null,
  source text not null
);

-- Databases of rehearsals, and roles of the same name.
create table if not exists rehearsal_stage (database text primary key);

do $do$ begin
  if to_regclass('served') is null then
    create table served (
      database text primary key,
      database_oid oid not null,
      generation bigint not null,
      opened_at timestamptz not null default clock_timestamp(),
      handed_over_to bigint
    );
    insert into served (database, database_oid, generation, opened_at, handed_over_to)
      select c.database, d.oid, c.generation, c.changed_at, case when c.state = 'closed' then c.generation + 1 end
        from cutover_state c join pg_database d on d.datname = c.database
       where c.state = 'open' or c.generation > 0;
  end if;
end $do$;

create or replace function note_served(which text, in_generation bigint)
returns void language sql as $fn$
  insert into served (database, database_oid, generation)
    select datname, oid, in_generation from pg_database where datname = which
    on conflict (database) do update
      set database_oid = excluded.database_oid, generation = excluded.generation,
          opened_at = excluded.opened_at, handed_over_to = null;
$fn$;

create or replace function works_elsewhere(who oid, which text)
returns boolean language sql stable as $fn$
  select exists (
    select from pg_database d
     where d.datallowconn and not d.datistemplate and d.datname not in (which, '${controlDatabase}')
       and has_database_privilege(who, d.oid, 'CONNECT')
       and (d.datname <> 'postgres'
            or exists (select from pg_stat_activity a where a.datid = d.oid and a.usesysid = who)
            or exists (select from pg_shdepend s
                        where s.dbid = d.oid and s.refclassid = 'pg_authid'::regclass and s.refobjid = who)
            or exists (select from pg_db_role_setting s where s.setdatabase = d.oid and s.setrole = who)))
$fn$;

-- Roles that apply changes keep CONNECT behind a fence, and are let in for nothing else, whoever has made them.
create or replace function shut_apply_roles()
returns void language plpgsql as $fn$
declare
  one record;
begin
  perform pg_advisory_xact_lock(${rolesLock});
  for one in select rolname as role from pg_roles
              where ${isApplyRole('rolname')} and rolconnlimit <> 0 and not rolsuper loop
    execute format('alter role %I connection limit 0', one.role);
  end loop;
end $fn$;

create or replace function take_away(which text, app_roles text[])
returns jsonb language plpgsql as $fn$
declare
  found_fence jsonb;
  one record;
begin
  perform shut_apply_roles();
  select jsonb_build_object(
    'connect', (
      select coalesce(jsonb_agg(jsonb_build_object('role', r.rolname, 'grantable', a.is_grantable)), '[]')
        from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        left join pg_roles r on r.oid = a.grantee
       where a.privilege_type = 'CONNECT' and not coalesce(r.rolsuper, false) and not ${isAdministrator('r')} and not ${isShutApplyRole('r')}),
    'login', (
      select coalesce(jsonb_agg(r.rolname), '[]')
        from pg_roles r
       where r.rolname = any (app_roles) and not r.rolsuper
         and (r.rolcanlogin
              or exists (select from cutover_state o where o.database <> which and o.fence -> 'login' ? r.rolname))),
    'readOnly', (
      select split_part(setting, '=', 2)
        from pg_db_role_setting s, unnest(s.setconfig) setting
       where s.setdatabase = d.oid and s.setrole = 0 and setting like 'default_transaction_read_only=%'))
    into strict found_fence
    from pg_database d
   where d.datname = which;
  execute format('alter database %I set default_transaction_read_only = on', which);
  -- Who is no superuser is let in by nothing but this, once all others have lost it.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant connect on database %I to %I', which, current_user);
  end if;
  for one in select value #>> '{}' as role from jsonb_array_elements(found_fence -> 'login') loop
    if not works_elsewhere(to_regrole(quote_ident(one.role)), which) then
      execute format('alter role %I nologin', one.role);
    end if;
  end loop;
  for one in select value ->> 'role' as role from jsonb_array_elements(found_fence -> 'connect') loop
    execute format('revoke connect on database %I from %s cascade', which,
      case when one.role is null then 'public' else quote_ident(one.role) end);
  end loop;
  return found_fence;
end $fn$;

create or replace function close_side(which text, app_roles text[], expected text, fresh text)
returns jsonb language plpgsql as $fn$
declare
  taken jsonb;
begin
  update cutover_state set state = 'closed', token = fresh, changed_at = clock_timestamp()
   where database = which and state = 'open' and token = expected;
  if not found then
    raise exception 'the side is not open under the token expected' using errcode = '${stateNotAsExpected}';
  end if;
  taken := take_away(which, app_roles);
  update cutover_state set fence = taken where database = which;
  return taken;
end $fn$;

create or replace function begin_closed(which text, app_roles text[], fresh text)
returns void language plpgsql as $fn$
begin
  insert into cutover_state (database, state, generation, token) values (which, 'closed', 0, fresh)
    on conflict (database) do nothing;
  if found then
    update cutover_state set fence = take_away(which, app_roles) where database = which;
  end if;
end $fn$;

create or replace function begin_open(which text, fresh text)
returns void language plpgsql as $fn$
begin
  insert into cutover_state (database, state, generation, token) values (which, 'open', 0, fresh)
    on conflict (database) do nothing;
  if found then perform note_served(which, 0); end if;
end $fn$;

create or replace function open_side(which text, expected text, fresh text, next_generation bigint)
returns void language plpgsql as $fn$
declare
  taken jsonb;
  one record;
begin
  select fence into taken from cutover_state
   where database = which and state = 'closed' and token = expected for update;
  if not found then
    raise exception 'the side is not closed under the token expected' using errcode = '${stateNotAsExpected}';
  end if;
  update cutover_state
     set state = 'open', token = fresh, generation = next_generation, fence = null, changed_at = clock_timestamp()
   where database = which;
  perform note_served(which, next_generation);
  if taken ->> 'readOnly' is null then
    execute format('alter database %I reset default_transaction_read_only', which);
  else
    execute format('alter database %I set default_transaction_read_only = %L', which, taken ->> 'readOnly');
  end if;
  perform pg_advisory_xact_lock(${rolesLock});
  for one in select r.rolname as role from jsonb_array_elements(taken -> 'login') l join pg_roles r on r.rolname = l.value #>> '{}'
              where not r.rolcanlogin loop
    execute format('alter role %I login', one.role);
  end loop;
  for one in select value ->> 'role' as role, (value -> 'grantable')::boolean as grantable
               from jsonb_array_elements(taken -> 'connect') loop
    execute format('grant connect on database %I to %s%s', which,
      case when one.role is null then 'public' else quote_ident(one.role) end,
      case when one.grantable then ' with grant option' else '' end);
  end loop;
end $fn$;
`
