import type { Powers } from '../server/powers.ts'
import { isApplyRole, isShutApplyRole } from '../replication/apply-role-name.ts'

/** Catalog queries of discovery. They work from PostgreSQL 10 on and leave the server's own schemas out. */

const ownSchema = `n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'`
/** Objects that belong to an extension come and go with it. */
const notOfExtension = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`

/** Links of the very database that is looked at ($1) are ours; those of others take what they take. */
const ownSlot = `s.slot_name ~ ('^qianyun_' || left($1, 40) || '_g[0-9]+$')`
const ownSubscription = `(s.subname ~ '^qianyun_.+_g[0-9]+$' AND d.datname = $1)`
const subscriptionsOfOthers = `pg_subscription s LEFT JOIN pg_database d ON d.oid = s.subdbid WHERE NOT coalesce(${ownSubscription}, false)`
/** An enabled subscription that has no worker at the moment will ask for one again. */
const workersOfOthers = `(SELECT coalesce(sum(greatest(s.subenabled::int,
    (SELECT count(*)::int FROM pg_stat_subscription w WHERE w.subid = s.oid AND w.pid IS NOT NULL))), 0)::int FROM ${subscriptionsOfOthers})`
/** What runs beside the server's own processes, and is not of replication: those of extensions, and its launcher. */
const otherBackground = `(SELECT count(*)::int FROM pg_stat_activity WHERE backend_type NOT IN ('client backend', 'autovacuum launcher',
    'autovacuum worker', 'background writer', 'checkpointer', 'walwriter', 'walsender', 'walreceiver', 'startup', 'archiver',
    'logger', 'walsummarizer', 'slotsync worker', 'io worker', 'standalone backend', 'parallel worker')
  AND backend_type NOT LIKE 'logical replication %worker')`

/** What the positions are kept for, where they may not be read: each subscription has one. */
const originsOfSubscriptions = `(SELECT 'pg_' || oid AS external_id FROM pg_subscription) o`

/** $1: the name of the database looked at, which may not be there yet. */
export const serverQuery = ({ readsOrigins }: Pick<Powers, 'readsOrigins'>): string => `
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       current_setting('wal_level') AS wal_level,
       pg_is_in_recovery() AS in_recovery,
       current_setting('synchronous_standby_names') AS synchronous_names,
       (SELECT count(*)::int FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum') AND application_name !~ '^qianyun_') AS synchronous_standbys,
       (SELECT last_failed_wal FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
           AND last_failed_time > greatest(last_archived_time, clock_timestamp() - interval '10 minutes')) AS not_archived,
       -- A digest: the command may hold a secret.
       CASE WHEN current_setting('archive_mode') <> 'off'
            THEN md5(coalesce(nullif(current_setting('archive_command'), ''), nullif(current_setting('archive_library', true), ''))) END AS archives_by,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms,
       current_setting('max_replication_slots')::int AS max_slots,
       (SELECT count(*)::int FROM pg_replication_slots s WHERE NOT ${ownSlot}) AS used_slots,
       current_setting('max_wal_senders')::int AS max_wal_senders,
       (SELECT count(*)::int FROM pg_stat_activity a WHERE a.backend_type = 'walsender'
           AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = a.pid AND ${ownSlot})) AS used_wal_senders,
       current_setting('max_logical_replication_workers')::int AS max_workers,
       ${workersOfOthers} AS used_workers,
       current_setting('max_worker_processes')::int AS max_worker_processes,
       ${otherBackground} + ${workersOfOthers} AS used_worker_processes,
       coalesce(current_setting('max_active_replication_origins', true), current_setting('max_replication_slots'))::int AS max_origins,
       (SELECT count(*)::int FROM ${readsOrigins ? 'pg_show_replication_origin_status() o' : originsOfSubscriptions}
         WHERE NOT EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                            WHERE ${ownSubscription} AND o.external_id ~ ('^pg_' || s.oid || '(_|$)'))) AS used_origins,
       current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int
         AS reserved_connections,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND NOT (usename = session_user AND application_name LIKE 'qianyun%'))
         AS used_connections,
       (SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size')::float8 AS kept_log_mb,
       current_setting('idle_replication_slot_timeout', true) AS idle_timeout,
       current_user::text AS administrator,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       current_database()::text AS connected_to,
       current_setting('max_connections')::int AS max_connections,
       current_setting('TimeZone') AS time_zone,
       current_setting('data_checksums') = 'on' AS data_checksums,
       coalesce((SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'), '{pglz}') AS compressions,
       ARRAY(SELECT name FROM pg_settings ORDER BY 1) AS setting_names,
       ARRAY(SELECT name::text FROM pg_available_extensions ORDER BY 1) AS extensions,
       ARRAY(SELECT DISTINCT name::text FROM pg_available_extension_versions v
              WHERE superuser AND to_jsonb(v) ->> 'trusted' IS DISTINCT FROM 'true' ORDER BY 1) AS superuser_extensions`

/** Settings of speed; those of the session that asks do not show. */
export const tuningQuery = `
SELECT name, reset_val || CASE WHEN unit IS NULL THEN '' ELSE ' ' || CASE unit WHEN '8kB' THEN '× 8 kB' ELSE unit END END AS value,
       reset_val IS NOT DISTINCT FROM boot_val AS "isDefault"
  FROM pg_settings
 WHERE category LIKE 'Query Tuning%' OR name IN ('work_mem', 'maintenance_work_mem', 'shared_buffers', 'effective_io_concurrency',
       'max_parallel_workers', 'max_parallel_workers_per_gather', 'max_wal_size', 'autovacuum_max_workers', 'autovacuum_vacuum_cost_limit',
       'autovacuum_vacuum_scale_factor', 'autovacuum_analyze_scale_factor', 'default_statistics_target')
 ORDER BY 1`

export const databaseQuery = `
SELECT pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collation, d.datctype AS character_type,
       (SELECT count(*)::int FROM pg_prepared_xacts WHERE database = current_database()) AS prepared
FROM pg_database d WHERE d.datname = current_database()`

/** Looks into the files of every table: apart from what rules ask, which is only catalogs. */
export const sizesQuery = `
SELECT NULL AS name, pg_database_size(current_database())::text AS bytes
UNION ALL
SELECT format('%I.%I', n.nspname, c.relname), pg_total_relation_size(c.oid)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${ownSchema}`

/** $1: the name of the database, which may not be there. */
export const databaseSizeQuery = `SELECT pg_database_size(oid)::float8 AS bytes FROM pg_database WHERE datname = $1`

/** The index whose columns tell a row when it is updated or deleted. A deferrable key is none. */
const identityIndex = `SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
    AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary AND i.indimmediate ELSE false END`

/** A partitioned table has no rows of its own; 13 and 14 ask for its key all the same. */
const asksNoIdentity = `(c.relkind = 'p' AND current_setting('server_version_num')::int / 10000 NOT IN (13, 14))`

/**
 * Types of columns that PostgreSQL cannot compare two values of: rows that hold one are not found by all their columns. What
 * a type is made of decides: the base of a domain, the elements of an array, the attributes of a composite type.
 */
const incomparableTypes = `
made_of (type, part) AS (
  SELECT DISTINCT a.atttypid, a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION
  SELECT m.type, p.part FROM made_of m JOIN pg_type t ON t.oid = m.part,
    LATERAL (SELECT t.typbasetype AS part WHERE t.typtype = 'd'
             UNION ALL SELECT t.typelem WHERE t.typcategory = 'A' AND t.typelem <> 0
             UNION ALL SELECT a.atttypid FROM pg_attribute a
                        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) p),
incomparable AS (
  SELECT DISTINCT m.type FROM made_of m JOIN pg_type t ON t.oid = m.part
   WHERE t.typtype = 'b' AND t.typcategory <> 'A'
     AND NOT EXISTS (SELECT FROM pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod AND am.amname IN ('btree', 'hash')
                      WHERE o.opcdefault AND (o.opcintype = t.oid OR EXISTS (SELECT FROM pg_cast k
                        WHERE k.castsource = t.oid AND k.casttarget = o.opcintype AND k.castmethod = 'b' AND k.castcontext = 'i'))))`

/** All tables, those of extensions too: a publication of all tables leaves none of them out. */
export const tablesQuery = `
WITH RECURSIVE ${incomparableTypes}
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       c.reltuples::bigint::text AS rows_estimate,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS has_primary_key,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid) AS has_usable_key,
       c.relreplident AS identity_code,
       EXISTS (${identityIndex}) OR ${asksNoIdentity} AS has_identity_index,
       ARRAY(SELECT quote_ident(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
             AND EXISTS (${identityIndex} AND a.attnum = ANY (i.indkey::int2[])) ORDER BY a.attnum) AS key_columns,
       c.relpersistence = 'u' AS unlogged,
       c.relkind = 'p' AS partitioned,
       c.relrowsecurity AS row_security,
       ARRAY(SELECT quote_ident(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
             AND coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '' ORDER BY a.attnum) AS generated_columns,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
             AND a.attidentity <> '' ORDER BY a.attnum) AS identity_columns,
       ARRAY(SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
             AND a.atttypid IN (SELECT type FROM incomparable) ORDER BY a.attnum) AS incomparable_columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${ownSchema}
ORDER BY 1`

export const sequencesQuery = `
SELECT format('%I.%I', s.schemaname, s.sequencename) AS name, s.cache_size::text AS cache, s.increment_by::text AS increment,
       s.last_value::text AS last_value, s.cycle AS cycles,
       (SELECT format('%I.%I.%I', n.nspname, t.relname, a.attname)
          FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
           AND d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass LIMIT 1) AS owned_by
FROM pg_sequences s ORDER BY 1 LIMIT 5000`

export const relationsQuery = `
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind AS kind
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm', 'f') AND ${ownSchema} AND ${notOfExtension('pg_class', 'c.oid')} ORDER BY 1 LIMIT 5000`

/** Wrappers call the host of a server differently; one that names none reaches its own host, or files on it. */
export const foreignServersQuery = `
SELECT quote_ident(s.srvname) AS name, w.fdwname::text AS wrapper,
       (SELECT o.option_value FROM pg_options_to_table(s.srvoptions) o
         WHERE lower(o.option_name) IN ('hostaddr', 'host', 'servername', 'address', 'dbserver', 'server', 'odbc_dsn', 'dsn', 'url', 'uri')
         ORDER BY o.option_name = 'hostaddr' DESC, o.option_name LIMIT 1) AS host,
       (SELECT count(*)::int FROM pg_foreign_table t WHERE t.ftserver = s.oid) AS tables
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 WHERE ${notOfExtension('pg_foreign_server', 's.oid')} ORDER BY 1`

export const triggersQuery = `
SELECT format('%I.%I', n.nspname, c.relname) AS table, quote_ident(t.tgname) AS name, t.tgenabled AS enabled
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND ${ownSchema} ORDER BY 1, 2`

export const eventTriggersQuery = `
SELECT e.evtname AS name FROM pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')} ORDER BY 1`

export const largeObjectsQuery = `
SELECT (SELECT count(*)::int FROM pg_largeobject_metadata) AS count,
       ARRAY(SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname)
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
               JOIN pg_type t ON t.oid = a.atttypid
              WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND t.typname IN ('oid', 'lo')
                AND ${ownSchema} ORDER BY 1 LIMIT 200) AS columns`

export const extensionsQuery = `SELECT extname AS name, extversion AS version FROM pg_extension ORDER BY 1`

export const rolesQuery = `
SELECT r.rolname AS name, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolreplication AS replication,
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
              WHERE m.member = r.oid ORDER BY 1) AS member_of,
       (SELECT coalesce(jsonb_object_agg(x.privilege_type, x.tables), '{}')
          FROM (SELECT a.privilege_type, count(*)::int AS tables
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
                 WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${ownSchema} AND a.grantee = r.oid GROUP BY 1) x) AS table_grants
FROM pg_roles r WHERE r.rolname NOT LIKE 'pg\\_%' AND NOT ${isApplyRole('r.rolname')} ORDER BY 1 LIMIT 500`

export const settingsQuery = `
SELECT d.datname AS database, r.rolname AS role, unnest(s.setconfig) AS setting
FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole
WHERE s.setdatabase = 0 OR d.datname = current_database() ORDER BY 1, 2, 3 LIMIT 500`

export const publicationsQuery = `SELECT pubname AS name FROM pg_publication ORDER BY 1`

export const subscriptionsQuery = `
SELECT s.subname AS name, s.subenabled AS enabled FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
WHERE d.datname = current_database() ORDER BY 1`

/** Superusers of the application ($1), and whoever has CONNECT to this database as a member of a superuser. */
export const unfencedQuery = `
SELECT rolname::text AS role, NULL AS through FROM pg_roles WHERE rolsuper AND rolname = ANY ($1)
UNION
SELECT r.rolname::text, s.rolname::text
FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
JOIN pg_roles s ON s.oid = a.grantee AND s.rolsuper
JOIN pg_roles r ON r.rolcanlogin AND NOT r.rolsuper AND NOT ${isShutApplyRole('r')} AND pg_has_role(r.oid, s.oid, 'usage')
WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT' ORDER BY 1, 2`

/** Roles of the application ($1), and others that log in and own something here, with the other databases they work in. */
export const sharedRolesQuery = `
WITH own AS (
  SELECT r.oid, r.rolname::text AS role FROM pg_roles r
   WHERE NOT r.rolsuper AND NOT ${isApplyRole('r.rolname')} AND (r.rolname = ANY ($1) OR r.rolcanlogin AND EXISTS (SELECT FROM pg_shdepend d
           WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid))),
 used AS (
  SELECT o.role, d.datname::text AS database,
         EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid AND a.usesysid = o.oid) AS in_use
    FROM own o CROSS JOIN pg_database d
   WHERE NOT d.datistemplate AND d.datname NOT IN (current_database(), 'qianyun_control')
     AND (d.datdba = o.oid
       OR EXISTS (SELECT FROM pg_shdepend s WHERE s.dbid = d.oid AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = o.oid)
       OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = o.oid AND a.privilege_type = 'CONNECT')
       OR EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = o.oid)
       OR EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid AND a.usesysid = o.oid)))
SELECT role, array_agg(database ORDER BY database) AS databases,
       coalesce(array_agg(database ORDER BY database) FILTER (WHERE in_use), '{}') AS "inUse"
  FROM used GROUP BY 1 ORDER BY 1`

/**
 * Every time zone, and a digest of its local times at instants that are the same for every server. Reads the files of the host, which takes a
 * second.
 */
export const timeZonesQuery = `
  SELECT z.name, md5(string_agg((i.at AT TIME ZONE z.name)::text, ',' ORDER BY i.at)) AS rules
    FROM pg_timezone_names z, generate_series('2024-01-01 00:00+00'::timestamptz, '2037-01-01 00:00+00', interval '14 days') AS i (at)
   WHERE z.name !~ '^(posix|right)/|^(posixrules|localtime|Factory)$'
   GROUP BY 1 ORDER BY 1`
