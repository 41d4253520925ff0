/**
 * Settings of a server that may differ between two sides, each with the reason. They affect speed, places and connections, not the meaning
 * or the success of a statement. Every other setting is compared, including settings of later versions.
 */
export const mayDiffer: readonly { readonly why: string; readonly settings: readonly RegExp[] }[] = [
  {
    why: 'how the server is reached: every login is tried through the path the clients take',
    settings: patterns(
      `listen_addresses port unix_socket_.* bonjour.* ssl ssl_.* tcp_.* client_connection_check_interval
       authentication_timeout krb_.* gss_.* oauth_.* db_user_namespace md5_password_warnings scram_iterations`,
    ),
  },
  {
    why: 'how many may connect: held against the pools of the entry, by a rule of its own',
    settings: patterns('max_connections reserved_connections superuser_reserved_connections'),
  },
  {
    why: 'where a server keeps its files',
    settings: patterns(
      `config_file data_directory.* external_pid_file hba_file ident_file hosts_file extension_control_path dynamic_library_path
       event_source cluster_name stats_temp_directory`,
    ),
  },
  {
    why: 'what it writes into its own log and statistics, and shows of its work',
    settings: patterns(
      `log_.* logging_collector syslog_.* debug_print_.* debug_pretty_print trace_.* track_activit.* track_counts track_cost_.* track_functions
       track_io_timing track_wal_io_timing compute_query_id
       stats_fetch_consistency update_process_title backtrace_functions pg_stat_statements\\..* auto_explain\\..* pg_stat_kcache\\..*
       pg_qualstats\\..* pg_wait_sampling\\..* pg_stat_monitor\\..*`,
    ),
  },
  {
    why: 'memory, processes and disks: how fast it works',
    settings: patterns(
      `shared_buffers .*_buffers huge_page.* shared_memory_.* dynamic_shared_memory_type min_dynamic_shared_memory work_mem
       hash_mem_multiplier maintenance_.* autovacuum_work_mem logical_decoding_work_mem vacuum_buffer_usage_limit
       max_worker_processes max_parallel_.* parallel_leader_participation bgwriter_.* backend_flush_after effective_io_concurrency
       io_.* file_copy_method file_extend_method max_files_per_process max_notify_queue_pages old_snapshot_threshold
       temp_buffers commit_delay commit_siblings deadlock_timeout max_pred_locks_.* num_os_semaphores gin_pending_list_limit
       synchronize_seqscans replacement_sort_tuples`,
    ),
  },
  {
    why: 'how a plan is chosen, not what it gives',
    settings: patterns(
      `enable_.* cpu_.*_cost .*_page_cost parallel_.*_cost min_parallel_.* effective_cache_size jit jit_.* geqo geqo_.*
       constraint_exclusion cursor_tuple_fraction default_statistics_target from_collapse_limit join_collapse_limit
       plan_cache_mode recursive_worktable_factor debug_parallel_query force_parallel_mode`,
    ),
  },
  { why: 'housekeeping', settings: patterns('autovacuum autovacuum_.* vacuum_.*') },
  {
    why: 'the log of changes, replication and standbys: looked at by rules of their own where they matter to a move',
    settings: patterns(
      `wal_.* checkpoint_.* max_wal_size min_wal_size archive_.* restore_command recovery_.* summarize_wal max_slot_wal_keep_size
       max_replication_slots max_wal_senders max_logical_replication_workers max_sync_workers_per_subscription
       max_active_replication_origins idle_replication_slot_timeout synchronous_standby_names synchronized_standby_slots
       sync_replication_slots hot_standby hot_standby_feedback max_standby_.* primary_conninfo primary_slot_name
       promote_trigger_file vacuum_defer_cleanup_age debug_logical_replication_streaming logical_replication_mode
       data_checksums ignore_checksum_failure`,
    ),
  },
  {
    why: 'how it goes on after a failure, and for those who develop the server itself',
    settings: patterns(
      `data_sync_retry restart_after_crash recovery_init_sync_method remove_temp_files_after_crash send_abort_for_.*
       allow_in_place_tablespaces debug_.* ignore_invalid_pages ignore_system_indexes post_auth_delay pre_auth_delay
       allow_alter_system`,
    ),
  },
  {
    why: 'what the server is, or does at the moment',
    settings: patterns(
      `server_version server_version_num server_encoding segment_size wal_segment_size shared_memory_size.* ssl_library
       in_hot_standby is_superuser session_authorization role transaction_(isolation|read_only|deferrable) application_name seed
       lc_collate lc_ctype huge_pages_status`,
    ),
  },
]

function patterns(names: string): readonly RegExp[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => new RegExp(`^${name}$`))
}

const all = mayDiffer.flatMap(({ settings }) => settings)

/** Whether a setting is compared. */
export function isCompared(name: string): boolean {
  return !all.some((pattern) => pattern.test(name))
}

/** Settings that must be at least as large on the new side as on the old side. */
export const atLeast = new Set([
  'max_prepared_transactions',
  'max_locks_per_transaction',
  'max_stack_depth',
  'temp_file_limit',
  'max_function_args',
  'max_identifier_length',
  'max_index_keys',
])

/** Settings that take nothing away where they are on. */
export const onIsEnough = new Set(['track_commit_timestamp'])

/** Settings that list libraries; the new side needs those of the old side. */
export const listsOfLibraries = new Set([
  'shared_preload_libraries',
  'session_preload_libraries',
  'local_preload_libraries',
])

/**
 * Settings of a session that are not written into the new database: what they name may be missing there, and then nobody could log in.
 */
export const notCarried = new Set([
  ...listsOfLibraries,
  'default_tablespace',
  'temp_tablespaces',
  'default_table_access_method',
  'session_replication_role',
  'restrict_nonsystem_relation_kind',
])
