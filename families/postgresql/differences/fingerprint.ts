import type pg from 'pg'
import { type Powers, powersOf } from '../server/powers.ts'
import { isApplyRole } from '../replication/apply-role-name.ts'

/**
 * A fingerprint of a side's catalogs, taken in a few milliseconds. It changes with every change of what `compareSides` reads, and with some
 * other changes, after which both sides are compared again. Fingerprints of two sides cannot be compared with each other.
 */
export type Fingerprint = string

/*
 * A row of these is written by a change of the schema alone, so the transaction that wrote it tells of each. Rows of temporary
 * objects come and go with sessions; what a server came with is left out, since it is more than all the rest.
 */
const ofTables: readonly (readonly [string, string])[] = [
  ['pg_attrdef', 'adrelid'],
  ['pg_trigger', 'tgrelid'],
  ['pg_rewrite', 'ev_class'],
  ['pg_policy', 'polrelid'],
  ['pg_sequence', 'seqrelid'],
  ['pg_inherits', 'inhrelid'],
  ['pg_partitioned_table', 'partrelid'],
  ['pg_foreign_table', 'ftrelid'],
  ['pg_attribute', 'attrelid'],
]
const ofSchemas: readonly (readonly [string, string])[] = [
  ['pg_constraint', 'connamespace'],
  ['pg_proc', 'pronamespace'],
  ['pg_type', 'typnamespace'],
  ['pg_statistic_ext', 'stxnamespace'],
]
const ofDatabase = [
  ...[
    'pg_extension',
    'pg_publication',
    'pg_publication_rel',
    'pg_event_trigger',
    'pg_cast',
    'pg_operator',
    'pg_opclass',
  ],
  ...[
    'pg_opfamily',
    'pg_amop',
    'pg_amproc',
    'pg_collation',
    'pg_conversion',
    'pg_language',
    'pg_transform',
    'pg_am',
  ],
  ...[
    'pg_ts_config',
    'pg_ts_dict',
    'pg_ts_parser',
    'pg_ts_template',
    'pg_foreign_data_wrapper',
    'pg_foreign_server',
  ],
  'pg_default_acl',
]
const whole = ['pg_enum', 'pg_range', 'pg_aggregate', 'pg_ts_config_map', 'pg_seclabel']
/** What is ours in them changes as a switch is prepared. */
const own = `select oid from pg_roles where ${isApplyRole('rolname')}`

const ofApplication = `n.nspname !~ '^pg_(toast|temp)'`
const part = (name: string, where: string) =>
  `select '${name}' as part, count(*) as n, sum(hashtext(x.xmin::text || x.ctid::text)) as h from ${name} x ${where}`

/** The same of what an administrator may read of a catalog. */
const seen = (name: string, view: string, where: string) =>
  `select '${name}', count(*), sum(hashtext(x::text)) from ${view} x ${where}`

const query = ({ readsPasswords, readsCatalogs }: Powers) => `
with spaces as (select n.oid from pg_namespace n where ${ofApplication} and n.nspname <> 'pg_catalog'),
 tables as (select c.* from pg_class c join spaces n on n.oid = c.relnamespace),
 parts as (
  ${[
    ...ofTables.map(([name, column]) => part(name, `where x.${column} in (select oid from tables)`)),
    ...ofSchemas.map(([name, column]) => part(name, `where x.${column} in (select oid from spaces)`)),
    ...ofDatabase.map((name) => part(name, 'where x.oid >= 16384')),
    ...whole.map((name) => part(name, '')),
    readsPasswords
      ? part('pg_authid', `where x.oid not in (${own})`)
      : seen('pg_authid', 'pg_roles', `where x.oid not in (${own})`),
    readsCatalogs
      ? part('pg_user_mapping', 'where x.oid >= 16384')
      : seen('pg_user_mapping', 'pg_user_mappings', ''),
    part('pg_auth_members', `where x.member not in (${own})`),
    part('pg_namespace', 'where x.oid in (select oid from spaces)'),
    part(
      'pg_db_role_setting',
      `where x.setdatabase in (0, (select oid from pg_database where datname = current_database())) and x.setrole not in (${own})`,
    ),
  ].join('\n  union all ')}
  union all
  select 'pg_class', count(*), sum(hashtext(concat_ws('|', c.oid, c.relname, c.relnamespace, c.reloftype, c.relowner, c.relam, c.relkind,
           c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.reloptions, c.relpartbound::text))) from tables c
  union all
  select 'pg_index', count(*), sum(hashtext(concat_ws('|', i.indexrelid, i.indisvalid, i.indisready, i.indisclustered, i.indisreplident)))
    from pg_index i where i.indrelid in (select oid from tables)
  union all
  select 'rights of what the server came with', count(*), sum(hashtext(p.oid || p.proacl::text)) from pg_proc p where p.oid < 16384 and p.proacl is not null
  union all
  select 'pg_database', count(*), sum(hashtext(concat_ws('|', d.datdba, d.datconnlimit, d.datacl, d.datcollate, d.datctype)))
    from pg_database d where d.datname = current_database()
  union all
  select 'pg_settings', count(*), sum(hashtext(s.name || '=' || coalesce(s.reset_val, ''))) from pg_settings s
   where s.source <> 'client' and s.context <> 'internal' and s.name !~ '[.]')
select string_agg(concat_ws(':', replace(part, ' ', '-'), n, h), ' ' order by part) as fingerprint from parts`

/** Takes the fingerprint of the side to which the client is connected. */
export async function fingerprintOf(client: pg.Client): Promise<Fingerprint> {
  const { rows } = await client.query<{ fingerprint: string }>({
    name: 'qianyun-fingerprint',
    text: query(await powersOf(client)),
  })
  return rows[0]?.fingerprint ?? ''
}

/** The parts of the catalogs that have changed. */
export function changedParts(one: Fingerprint, other: Fingerprint): readonly string[] {
  const before = new Set(one.split(' '))
  return other.split(' ').flatMap((found) => (before.has(found) ? [] : [found.split(':')[0] ?? found]))
}
