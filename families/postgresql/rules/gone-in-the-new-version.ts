import { answered, pairRule } from '../census/rule.ts'
import { sinceThen } from './word-of-the-new-version.ts'

const id = 'gone-in-the-new-version'

/**
 * Columns of the catalog and of statistics, functions and settings that a version has no more, or calls otherwise. Held against the catalogs
 * of both versions. https://www.postgresql.org/docs/release/
 */
const columns = `
  (13, 'pg_stat_wal_receiver', 'received_lsn'),
  (13, 'pg_stat_statements', 'total_time min_time max_time mean_time stddev_time'),
  (15, 'pg_database', 'datlastsysoid'),
  (17, 'pg_stat_bgwriter', 'checkpoints_timed checkpoints_req checkpoint_write_time checkpoint_sync_time buffers_checkpoint buffers_backend buffers_backend_fsync'),
  (17, 'pg_stat_statements', 'blk_read_time blk_write_time'),
  (17, 'pg_stat_progress_vacuum', 'max_dead_tuples num_dead_tuples'),
  (17, 'pg_collation', 'colliculocale'),
  (17, 'pg_database', 'daticulocale'),
  (18, 'pg_stat_wal', 'wal_write wal_sync wal_write_time wal_sync_time'),
  (18, 'pg_stat_io', 'op_bytes'),
  (18, 'pg_backend_memory_contexts', 'parent'),
  (18, 'pg_attribute', 'attcacheoff')`
const functions = `
  (15, 'pg_start_backup pg_stop_backup pg_is_in_backup pg_backup_start_time'),
  (17, 'pg_stat_get_bgwriter_timed_checkpoints pg_stat_get_bgwriter_requested_checkpoints pg_stat_get_bgwriter_buf_written_checkpoints pg_stat_get_buf_written_backend pg_stat_get_buf_fsync_backend pg_stat_get_checkpoint_write_time pg_stat_get_checkpoint_sync_time')`
const settings = `
  (13, 'wal_keep_segments'),
  (14, 'operator_precedence_warning vacuum_cleanup_index_scale_factor'),
  (15, 'stats_temp_directory'),
  (16, 'force_parallel_mode promote_trigger_file vacuum_defer_cleanup_age lc_collate lc_ctype'),
  (17, 'old_snapshot_threshold db_user_namespace trace_recovery_messages')`

/** Views that use a column that is gone are refused as the schema is made; bodies of functions are text until somebody calls them. */
export const goneInTheNewVersion = pairRule({
  id,
  severity: 'critical',
  when: ['assessment', 'replicate'],
  letsGoBack: true,
  looksAt: ['server'],
  sql: `
    WITH gone AS (
      SELECT version, relation || '.' || word AS what, '\\m' || relation || '\\M' AS one, '\\m' || word || '\\M' AS other
        FROM (VALUES ${columns}) c (version, relation, list), unnest(string_to_array(list, ' ')) word
      UNION ALL
      SELECT version, word || '()', '\\m' || word || '\\s*\\(', '' FROM (VALUES ${functions}) f (version, list), unnest(string_to_array(list, ' ')) word
      UNION ALL
      SELECT version, word, '\\m(show|set|reset|local|session|current_setting\\s*\\(|set_config\\s*\\()\\s*''*' || word || '\\M', ''
        FROM (VALUES ${settings}) s (version, list), unnest(string_to_array(list, ' ')) word),
    bodies AS (
      SELECT p.oid::regprocedure::text AS object, regexp_replace(regexp_replace(p.prosrc, '--[^\\n]*', ' ', 'g'), '/\\*.*?\\*/', ' ', 'g') AS body
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
       WHERE l.lanname NOT IN ('c', 'internal') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))
    SELECT b.object, string_agg(g.what, ', ' ORDER BY g.what) AS what, g.version
      FROM bodies b JOIN gone g ON b.body ~* g.one AND b.body ~* g.other GROUP BY b.object, g.version ORDER BY 1, 3`,
  sentence: {
    zh: '函数“{object}”使用 PostgreSQL {version} 起不再有的 {what}：它在{there}仍会建立，却在首次调用时失败。',
    en: 'Function "{object}" uses {what}, which is gone since PostgreSQL {version}: it is made on {there} all the same, and fails at its first call.',
  },
  remedy: {
    zh: '改用新版本的对应项（见其发行说明），须在两个版本上运行的按 server_version_num 区分',
    en: 'Have it use what the new version has instead (see its release notes), by "server_version_num" where it has to run on both',
  },
  waiver: {
    then: 'left-as-it-is',
    effect: {
      zh: '仅当无人调用它，或它已区分版本时。',
      en: 'that is for one that nobody calls, or that asks for the version by itself.',
    },
  },
  find: (facts, other) => sinceThen(answered(facts, id), facts.server.major, other.server.major),
})
