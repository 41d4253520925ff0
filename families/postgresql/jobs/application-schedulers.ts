/** A queue of jobs, or a timetable, that workers inside an application read from tables of its database. */
interface ApplicationScheduler {
  readonly tool: string
  /** Its table, in lower case and without a prefix that the tool lets people choose. */
  readonly table: string
  /** Columns by which the table is known to be the tool's, in lower case. */
  readonly columns: readonly string[]
  /**
   * `queue`: workers of several hosts share the jobs out by locks in the database. `timetable`: each host that runs the scheduler runs every
   * job of it, unless the application itself prevents that.
   */
  readonly sort: 'queue' | 'timetable'
}

const queue = (tool: string, table: string, ...columns: readonly string[]): ApplicationScheduler => ({
  ...{ tool, table, columns },
  sort: 'queue',
})

const timetable = (tool: string, table: string, ...columns: readonly string[]): ApplicationScheduler => ({
  ...{ tool, table, columns },
  sort: 'timetable',
})

/** A new one is a line here. */
const applicationSchedulers: readonly ApplicationScheduler[] = [
  // Quartz shares out only where it is set up as clustered, which its settings say and no table.
  timetable('Quartz', 'qrtz_triggers', 'sched_name', 'trigger_name', 'next_fire_time'),
  timetable('RuoYi', 'sys_job', 'job_name', 'invoke_target', 'cron_expression'),
  timetable('JeecgBoot', 'sys_quartz_job', 'job_class_name', 'cron_expression'),
  timetable('django-celery-beat', 'django_celery_beat_periodictask', 'task', 'enabled', 'last_run_at'),
  timetable('APScheduler', 'apscheduler_jobs', 'id', 'next_run_time', 'job_state'),
  timetable('sqlalchemy-celery-beat', 'celery_periodictask', 'task', 'enabled', 'last_run_at'),
  queue('ShedLock', 'shedlock', 'name', 'lock_until', 'locked_by'),
  queue('db-scheduler', 'scheduled_tasks', 'task_name', 'execution_time', 'picked'),
  queue('JobRunr', 'jobrunr_jobs', 'jobasjson', 'state', 'scheduledat'),
  queue('Hangfire', 'job', 'invocationdata', 'statename', 'expireat'),
  queue('Flowable, Activiti or Camunda', 'act_ru_job', 'id_', 'rev_', 'handler_type_'),
  queue('Good Job', 'good_jobs', 'active_job_id', 'queue_name', 'serialized_params'),
  queue('Que', 'que_jobs', 'job_class', 'run_at', 'error_count'),
  queue('Delayed Job', 'delayed_jobs', 'handler', 'run_at', 'locked_by'),
  queue('Solid Queue', 'solid_queue_jobs', 'class_name', 'queue_name', 'scheduled_at'),
  queue('Oban', 'oban_jobs', 'worker', 'state', 'scheduled_at'),
  queue('River', 'river_job', 'kind', 'state', 'scheduled_at'),
  queue('pg-boss', 'job', 'state', 'retry_limit', 'singleton_key'),
  queue('Graphile Worker', '_private_jobs', 'task_id', 'run_at', 'locked_by'),
  queue('Graphile Worker', 'jobs', 'task_identifier', 'run_at', 'locked_by'),
  queue('Procrastinate', 'procrastinate_jobs', 'task_name', 'queueing_lock', 'status'),
  queue('Django-Q', 'django_q_schedule', 'func', 'schedule_type', 'next_run'),
  queue('Laravel', 'jobs', 'queue', 'payload', 'reserved_at', 'available_at'),
  queue('Symfony Messenger', 'messenger_messages', 'queue_name', 'available_at', 'delivered_at'),
  queue('Odoo', 'ir_cron', 'interval_type', 'nextcall', 'active'),
  queue('Nextcloud', 'oc_jobs', 'class', 'last_run', 'reserved_at'),
  queue('pgmq', 'meta', 'queue_name', 'is_partitioned', 'is_unlogged'),
]

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** SQL that gives `object`, its table, and `tool`, for each of one sort that the database has; names may be in capitals. */
export const applicationSchedulersQuery = (sort: ApplicationScheduler['sort']): string => `
SELECT DISTINCT ON (1) format('%I.%I', n.nspname, c.relname) AS object, k.tool
  FROM (VALUES ${applicationSchedulers
    .filter((one) => one.sort === sort)
    .map(
      ({ tool, table, columns }) =>
        `(${literal(tool)}, ${literal(table)}, ARRAY[${columns.map(literal).join(', ')}])`,
    )
    .join(', ')}) AS k (tool, name, columns)
  JOIN pg_class c ON lower(c.relname) = k.name AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
   AND k.columns <@ (SELECT array_agg(lower(a.attname)) FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
 ORDER BY 1, 2`
