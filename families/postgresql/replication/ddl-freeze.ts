import type pg from 'pg'
import { maskSecrets } from '../../../domain/secret-text.ts'
import { ownApplicationName, sessionAs, sqlState } from '../server/connections.ts'
import { applyRoleOf } from './apply-role-name.ts'
import type { ddlFreezes } from '../steps/replicate/params.ts'

export type DdlFreeze = (typeof ddlFreezes)[number]

/**
 * Commands that change no schema and are neither refused nor counted: repairs of replication by hand that the manual describes, the
 * refresh of a materialised view, and indexes built anew.
 */
const noChange = (tag: string): string =>
  `(${tag} like '% SUBSCRIPTION' or ${tag} in ('REFRESH MATERIALIZED VIEW', 'REINDEX'))`

/** The tag in the record for a transaction that somebody has skipped: its rows are missing on the side that follows. */
export const transactionSkipped = 'TRANSACTION SKIPPED'

/** The statement sets where the next transaction is skipped; another part of it resets that (`skip (lsn = none)`). */
const noteSkip = `if tg_tag = 'ALTER SUBSCRIPTION' and current_query() ~* '\\mskip\\s*\\(' and current_query() !~* '\\mskip\\s*\\(\\s*lsn\\s*=\\s*none' then
    begin
      insert into qianyun.ddl (command, object, by_role) select '${transactionSkipped}', object_identity, session_user from pg_event_trigger_ddl_commands();
    exception when others then null;
    end;
  end if;`

/** What is hung on a temporary object has no schema of its own; its name ends with that of the object. */
const onTemporary = `(one.object_type in ('trigger', 'rule', 'policy', 'table constraint', 'domain constraint') and one.object_identity ~ ' on pg_temp[.]("([^"]|"")+"|[^" .]+)$'
      or one.object_type = 'default value' and one.object_identity ~ '^for pg_temp[.]')`

/** Rows of a catalog that this transaction has written. Those of its savepoints are younger than its own. */
const written = (catalog: string): string =>
  `${catalog} where age(${catalog.split(' ')[1] ?? ''}.xmin) <= age((txid_current() % 4294967296)::text::xid)`
const grantedOn = (isTemporary: boolean): string => {
  const there = (schema: string): string =>
    `and ${isTemporary ? '' : 'not'} (${schema} = pg_my_temp_schema())`
  // A temporary table may have another one behind it, in a schema of its own.
  const table = (row: string): string =>
    `and ${isTemporary ? '' : 'not'} (${row}.relpersistence = 't' or ${row}.relnamespace = pg_my_temp_schema())`
  return `(exists (select from ${written('pg_class c')} ${table('c')})
        or exists (select from ${written('pg_proc p')} ${there('p.pronamespace')})
        or exists (select from ${written('pg_type t')} ${there('t.typnamespace')})
        or exists (select from ${written('pg_attribute a')} and exists (select from pg_class r where r.oid = a.attrelid ${table('r')})))`
}

/** Nothing says what a right was given on: where nothing but temporary objects was written, it was on one of them. */
const onlyTemporaryRights = `(one.command_tag in ('GRANT', 'REVOKE') and lower(one.object_type) in ('table', 'sequence', 'function', 'procedure', 'routine', 'type', 'domain')
      and ${grantedOn(true)} and not ${grantedOn(false)})`

/** Statistics have the schema they are given, whatever they are on. A drop is told after the fact, so the session keeps their names. */
const ofTemporaryTable = `(one.object_type = 'statistics object' and exists (select from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid
        where s.oid = one.objid and c.relpersistence = 't'))`
const keptNames = 'qianyun.temporary_statistics'
const isKeptName = `(one.object_type = 'statistics object' and one.object_identity = any (string_to_array(current_setting('${keptNames}', true), chr(10))))`

/** What whoever is refused may have done instead. */
const remedy =
  'Ask the team that moves this system. After the switch "qianyun retention ddl FILE" makes the change on both sides. Before it the team sets "freeze: record" in step "postgres-replicate", runs that step again, and the change is made on both sides by hand.'

/** Commands that may contain a secret; their text is not recorded. */
const statement = `case when current_query() !~* 'passw|secret|token|credential|api_?key' then left(current_query(), 2000) end`

/** A session may call itself what it likes; ours are a superuser's, or of the administrator whose function this is. */
const isOurs = `current_setting('application_name') like '${ownApplicationName}%' and (session_user = current_user or exists (select from pg_roles where rolname = session_user and rolsuper))`

// With the definer's rights the change of any role can be recorded. Recording never makes a change fail; only `reject` does.
const recorder = (freeze: DdlFreeze) => `
create or replace function qianyun.note_ddl() returns event_trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $fn$
declare one record;
begin
  if ${isOurs} then return; end if;
  ${noteSkip}
  for one in select * from pg_event_trigger_ddl_commands() loop
    if one.schema_name like 'pg_temp%' or one.schema_name = 'qianyun' or ${onTemporary} or ${onlyTemporaryRights} or ${noChange('one.command_tag')} then continue; end if;
    if ${ofTemporaryTable} then
      perform set_config('${keptNames}', concat_ws(chr(10), nullif(current_setting('${keptNames}', true), ''), one.object_identity), false);
      continue;
    end if;
    ${
      freeze === 'reject'
        ? `raise exception 'schema changes are frozen while this database is being moved: % %', one.command_tag, one.object_identity
      using hint = '${remedy}';`
        : `begin
      insert into qianyun.ddl (command, object, by_role, statement)
        values (one.command_tag, coalesce(one.object_identity, ''), session_user, ${statement});
    exception when others then null;
    end;`
    }
  end loop;
end $fn$;
create or replace function qianyun.note_drop() returns event_trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $fn$
declare one record;
begin
  if ${isOurs} then return; end if;
  for one in select * from pg_event_trigger_dropped_objects() where original and not is_temporary loop
    if one.schema_name = 'qianyun' or ${onTemporary} or ${isKeptName} or ${noChange('tg_tag')} then continue; end if;
    ${
      freeze === 'reject'
        ? `raise exception 'schema changes are frozen while this database is being moved: % %', tg_tag, one.object_identity
      using hint = '${remedy}';`
        : `begin
      insert into qianyun.ddl (command, object, by_role, statement)
        values (tg_tag, coalesce(one.object_identity, ''), session_user, ${statement});
    exception when others then null;
    end;`
    }
  end loop;
end $fn$;
`

const triggers = [
  ['qianyun_ddl', 'ddl_command_end', 'qianyun.note_ddl'],
  ['qianyun_drop', 'sql_drop', 'qianyun.note_drop'],
] as const

/**
 * Freezes the schema of a database by event triggers. A repeated call may change between `record` and `reject`.
 * @returns false where the administrator of a service may make none: changes show when both sides are compared then
 */
export async function freezeDdl(client: pg.Client, freeze: DdlFreeze): Promise<boolean> {
  await client.query(recorder(freeze))
  for (const [name, event, fn] of triggers) {
    const { rowCount } = await client.query('select from pg_event_trigger where evtname = $1', [name])
    if (rowCount !== 0) continue
    try {
      await client.query(`create event trigger ${name} on ${event} execute function ${fn}()`)
    } catch (error) {
      if (sqlState(error) !== '42501') throw error
      return false
    }
  }
  return true
}

/** Whether changes of the schema are on record as they are made. */
export async function isFrozen(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_event_trigger where evtname = any ($1)', [
    triggers.map(([name]) => name),
  ])
  return rowCount === triggers.length
}

export async function liftFreeze(client: pg.Client): Promise<void> {
  for (const [name] of triggers) await client.query(`drop event trigger if exists ${name}`)
}

/** The comment of a role that is there while a dump is restored that gives it rights. */
const standsIn = 'Qianyun: stands in while a dump is restored'

/**
 * Statements before and after a dump of a database on its way into another one: the dump of a frozen database contains the event triggers,
 * which no option excludes, without the functions that they call, and rights of the role that applies changes on a server before 16.
 */
export const aroundDump = (database: string) =>
  ({
    before: `set client_min_messages = warning;
    ${sessionAs('replica', 'session')};
    select set_config('createrole_self_grant', 'set, inherit', false) where current_setting('createrole_self_grant', true) is not null;
    ${triggers.map(([name]) => `drop event trigger if exists ${name};`).join('\n')}
    drop schema if exists qianyun cascade; create schema qianyun;
    do $do$ begin create role ${applyRoleOf(database)}; comment on role ${applyRoleOf(database)} is '${standsIn}';
      exception when duplicate_object then null; end $do$;
    ${triggers.map(([, , fn]) => `create function ${fn}() returns event_trigger language plpgsql as 'begin end';`).join('\n')}\n`,
    // The dump may contain our publication, which is dropped here and created again when it is needed.
    after: `drop schema qianyun cascade; drop publication if exists qianyun;
    do $do$ begin
      if exists (select from pg_roles where rolname = '${applyRoleOf(database)}' and shobj_description(oid, 'pg_authid') = '${standsIn}') then
        drop owned by ${applyRoleOf(database)}; drop role ${applyRoleOf(database)};
      end if; end $do$;\n`,
  }) as const

/** The tag in the record for a change that was made on both sides on purpose. */
export const changeOnBothSides = 'CHANGE ON BOTH SIDES'

/** SQL that counts the recorded changes. The refresh of a view is not counted, nor an index built anew, though older records contain them. */
export const countSchemaChanges = `(select count(*)::int from qianyun.ddl where command not in ('REFRESH MATERIALIZED VIEW', 'REINDEX', '${transactionSkipped}', '${changeOnBothSides}'))`

export async function schemaChangesOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select ${countSchemaChanges} as count`)
  return rows[0]?.count ?? 0
}

/** The recorded changes, newest last, each as a text with its statement; secrets are masked. */
export async function recordedDdl(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ words: string; statement: string | null }>(
    `select format('%s %s by "%s" at %s', command, object, by_role, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as words,
            to_jsonb(d) ->> 'statement' as statement
       from qianyun.ddl d where command not in ('${transactionSkipped}', '${changeOnBothSides}') order by at`,
  )
  return rows.map(({ words, statement }) => (statement === null ? words : `${words}: ${shown(statement)}`))
}

const shownAtMost = 120

function shown(statement: string): string {
  const flat = maskSecrets(statement).replace(/\s+/g, ' ').trim()
  return flat.length > shownAtMost ? `${flat.slice(0, shownAtMost)}…` : flat
}

/**
 * Objects that people changed on this side since both sides were last found alike; the other side has no record of these changes.
 * @param alike the name of the marker that was written then
 */
export async function changedOnlyOn(
  client: pg.Client,
  other: pg.Client,
  alike: string,
): Promise<ReadonlySet<string>> {
  const { rows: here } = await client.query<{ id: string; object: string }>(
    `select id, object from qianyun.ddl
      where at > coalesce((select written_at from qianyun.marker where name = $1), '-infinity')`,
    [alike],
  )
  const { rows: known } = await other.query<{ id: string }>(
    'select id from qianyun.ddl where id = any ($1)',
    [here.map(({ id }) => id)],
  )
  const others = new Set(known.map(({ id }) => id))
  return new Set(here.filter(({ id }) => !others.has(id)).map(({ object }) => object.replace(/\(.*$/s, '')))
}
