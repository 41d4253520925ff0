import { messageOf } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import type { DatabasePort } from './database.ts'
import { oneRow, withClient } from './server/connections.ts'

interface ServerTraces {
  readonly archive: string | null
  readonly destination: string
  readonly logDirectory: string | null
  readonly standbys: number
}

const traces = `select
  case when current_setting('archive_mode') = 'off' then null
       else coalesce(nullif(current_setting('archive_command'), ''), current_setting('archive_library', true), '') end as archive,
  current_setting('log_destination') as destination,
  case when current_setting('logging_collector') = 'on' then current_setting('log_directory') end as "logDirectory",
  (select count(*)::int from pg_stat_replication where not exists (
     select from pg_replication_slots s where s.active_pid = pg_stat_replication.pid and s.slot_type = 'logical')) as standbys`

/** What of a database is left on its server once it is dropped, a word each. Asks the server; changes nothing. */
export async function tracesOn(port: DatabasePort): Promise<readonly Said[]> {
  return withClient(
    port,
    'wipe',
    async (client) => {
      const { archive, destination, logDirectory, standbys } = await oneRow<ServerTraces>(client, traces)
      const log = await oneRow<{ segments: number; bytes: number }>(
        client,
        'select count(*)::int as segments, coalesce(sum(size), 0)::float8 as bytes from pg_ls_waldir()',
      ).catch(messageOf)
      return [
        typeof log === 'string'
          ? said('wiped-log-unseen', { because: inForeignWords(log) })
          : said('wiped-log-left', {
              ...log,
              ...(archive === null ? {} : { archive: maskSecrets(archive).slice(0, 200) }),
            }),
        said('wiped-messages-left', { where: [destination, logDirectory].filter(Boolean).join(', ') }),
        ...(standbys > 0 ? [said('wiped-standbys', { standbys })] : []),
        said('wiped-roles-left'),
      ]
    },
    'postgres',
  )
}
