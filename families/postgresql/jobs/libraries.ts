/** Libraries that work on databases by themselves, and the setting that names the databases. */
const working: Readonly<Record<string, string>> = {
  pg_partman_bgw: 'pg_partman_bgw.dbname',
  pg_squeeze: 'squeeze.worker_autostart',
}

/** Libraries that write nothing by themselves, or whose work the rules look at where it is kept. */
const known: ReadonlySet<string> = new Set([
  ...[
    'auto_explain',
    'auth_delay',
    'passwordcheck',
    'pg_hint_plan',
    'pg_prewarm',
    'pg_qualstats',
    'pg_stat_kcache',
  ],
  ...[
    'pg_stat_monitor',
    'pg_stat_statements',
    'pg_wait_sampling',
    'pgaudit',
    'plpgsql',
    'sepgsql',
    'set_user',
  ],
  ...['credcheck', 'pgsodium', 'supautils', 'wal2json', 'decoderbufs', 'pg_failover_slots'],
  ...['pg_cron', ...Object.keys(working)],
])

/** Whether it is known what a library does by itself. */
export const isKnownLibrary = (name: string): boolean => known.has(name)

const settings = Object.entries(working)
  .map(([library, setting]) => `('${library}', '${setting}')`)
  .join(', ')

/** What the server loads as it starts, and which of it works on a database ($1) by itself. */
export const librariesQuery = `
SELECT ARRAY(SELECT trim(both '" ' FROM l) FROM unnest(string_to_array(current_setting('shared_preload_libraries'), ',')) l
              WHERE trim(both '" ' FROM l) <> '') AS libraries,
       coalesce((SELECT json_agg(json_build_object('library', w.library, 'setting', w.setting, 'value', current_setting(w.setting, true)))
          FROM (VALUES ${settings}) w (library, setting)
         WHERE $1 = ANY (regexp_split_to_array(trim(both '" ' FROM current_setting(w.setting, true)), '[" ]*[, ][" ]*'))), '[]') AS by`
