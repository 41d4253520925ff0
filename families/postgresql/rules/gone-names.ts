/**
 * Columns of the catalog and of statistics, functions and settings that a version has no more, or calls otherwise. Held against the catalogs
 * of both versions. https://www.postgresql.org/docs/release/
 */
const columns = `
  (11, 'pg_proc', 'proisagg proiswindow'),
  (11, 'pg_class', 'relhaspkey'),
  (12, 'pg_attrdef', 'adsrc'),
  (12, 'pg_constraint', 'consrc'),
  (12, 'pg_class', 'relhasoids'),
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

/**
 * The names as a part of a query: `gone (version, what, one, other)`, where a text that fits both expressions uses what is gone. It stands
 * after `WITH` in the queries of rules.
 */
export const goneNames = `gone AS (
      SELECT version, relation || '.' || word AS what, '\\m' || relation || '\\M' AS one, '\\m' || word || '\\M' AS other
        FROM (VALUES ${columns}) c (version, relation, list), unnest(string_to_array(list, ' ')) word
      UNION ALL
      SELECT version, word || '()', '\\m' || word || '\\s*\\(', '' FROM (VALUES ${functions}) f (version, list), unnest(string_to_array(list, ' ')) word
      UNION ALL
      SELECT version, word, '\\m(show|set|reset|local|session|current_setting\\s*\\(|set_config\\s*\\()\\s*''*' || word || '\\M', ''
        FROM (VALUES ${settings}) s (version, list), unnest(string_to_array(list, ' ')) word)`
