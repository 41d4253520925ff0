/** A scheduler that keeps its jobs in tables of a database, and how its jobs are read and switched. */
export interface Scheduler {
  readonly name: string
  /** The tables it keeps, all of which must be there. */
  readonly tables: readonly string[]
  /**
   * Reads its jobs of one database ($1): `id`, `name` (by which the same job is found on another server), `active`, `words`, and `text`, which
   * is all of what it does, with connections that lead away as literals of SQL. It reads tables alone and runs no code of theirs.
   */
  readonly list: string
  /** Switches jobs by their ids ($1) on or off ($2). */
  readonly change: string
  /** The statement by which a person switches one job on or off. `{id}` stands for its id, `{on}` for `true` or `false`. */
  readonly switchOne: string
}

const said = (command: string): string =>
  `left(regexp_replace(regexp_replace(${command}, '[''$].*', ''), '\\s+', ' ', 'g'), 60)`

/** A scheduler's own connection, where it leads away from the host it runs on: localhost means each side's own. */
const leadsAway = (connection: string): string =>
  `case when ${connection} ~* 'host|://' and ${connection} !~* '(host|hostaddr)\\s*=\\s*''?(localhost|127\\.|::1|/)|//([^@/]*@)?(localhost|127\\.|\\[::1\\])' then quote_literal(${connection}) end`

/** The database's name ($1) inside a regular expression. */
const named = `regexp_replace($1::text, '([^[:alnum:]_])', '\\\\\\1', 'g')`

export const schedulers: readonly Scheduler[] = [
  {
    name: 'pg_cron',
    tables: ['cron.job'],
    list: `select jobid::text as id, coalesce(to_jsonb(j) ->> 'jobname', schedule || ' ' || command) as name, active,
                  schedule || ' ' || ${said('command')} as words,
                  concat_ws(';', case when nodename !~* '^(localhost)?$' then quote_literal('host=' || nodename) end, command) as text from cron.job j where j.database = $1`,
    change: 'update cron.job set active = $2 where jobid::text = any ($1) and active <> $2',
    switchOne: 'update cron.job set active = {on} where jobid = {id}',
  },
  {
    name: 'pgAgent',
    tables: ['pgagent.pga_job', 'pgagent.pga_jobstep'],
    list: `select j.jobid::text as id, j.jobname::text as name, j.jobenabled as active,
                  (select string_agg(s.jstname::text, ', ' order by s.jstname) from pgagent.pga_jobstep s where s.jstjobid = j.jobid) as words,
                  (select string_agg(concat_ws(';', ${leadsAway('s.jstconnstr')}, to_jsonb(s) ->> 'jstcode'), ';') from pgagent.pga_jobstep s where s.jstjobid = j.jobid) as text
             from pgagent.pga_job j
            where exists (select from pgagent.pga_jobstep s where s.jstjobid = j.jobid
                           and (s.jstdbname::text = $1 or s.jstconnstr ~ ('(^|\\s)dbname\\s*=\\s*''?' || ${named} || '(''|\\s|$)')))`,
    change: 'update pgagent.pga_job set jobenabled = $2 where jobid::text = any ($1) and jobenabled <> $2',
    switchOne: 'update pgagent.pga_job set jobenabled = {on} where jobid = {id}',
  },
  {
    name: 'pg_timetable',
    tables: ['timetable.chain', 'timetable.task'],
    list: `select c.chain_id::text as id, c.chain_name::text as name, c.live as active, coalesce(c.run_at::text, '-') as words,
                  (select string_agg(concat_ws(';', ${leadsAway('t.database_connection')}, to_jsonb(t) ->> 'command'), ';') from timetable.task t where t.chain_id = c.chain_id) as text
             from timetable.chain c
            where current_database() = $1
               or exists (select from timetable.task t where t.chain_id = c.chain_id and t.database_connection ~ ('[/=]''?' || ${named} || '(''|[?]|\\s|$)'))`,
    change: 'update timetable.chain set live = $2 where chain_id::text = any ($1) and live <> $2',
    switchOne: 'update timetable.chain set live = {on} where chain_id = {id}',
  },
]
