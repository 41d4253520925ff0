import { join } from 'node:path'
import { type Host, writeFile } from './host.ts'
import type { Programs } from './packages.ts'
import { appDatabase, appUser } from './postgres.ts'
import { quote } from './privilege.ts'
import { writeService } from './runit.ts'

export const pgbouncerAdmin = 'pgbouncer'

/** Makes the entry's pgbouncer. Its list of databases is written once; from then on it belongs to migrations. */
export async function makePgbouncer(
  host: Host,
  programs: Programs,
  { port, database, adminPassword, appPassword }: PgbouncerFacts,
): Promise<void> {
  const ini = join(host.etc, 'pgbouncer.ini')
  const users = `"${pgbouncerAdmin}" "${adminPassword}"\n"${appUser}" "${appPassword}"\n`
  const databases = `[databases]\n${appDatabase} = host=${database.address} port=${database.port} dbname=${appDatabase}\n`
  await host.privilege.script(
    host.account,
    `umask 027
${writeFile(join(host.etc, 'pgbouncer-users.txt'), users, { mode: 600 })}
${writeFile(join(host.etc, 'databases.ini'), databases, { keep: true })}
${writeFile(ini, configuration(host, port))}
${writeService(host, { name: 'pgbouncer', command: [programs.pgbouncer, ini] })}
cd ${quote(host.etc)}
`,
  )
}

export interface PgbouncerFacts {
  readonly port: number
  readonly database: { readonly address: string; readonly port: number }
  readonly adminPassword: string
  readonly appPassword: string
}

// query_wait_timeout: longer than a switchover with its deadline and than a killed one's recovery, shorter than the
// applications' own patience (30 s). Its default of 120 s lets clients hang on a closed database long after they gave up.
// server_login_retry: a refused login would otherwise keep the pool shut for 15 s after the database opened.
const configuration = (host: Host, port: number) => `%include ${join(host.etc, 'databases.ini')}

[pgbouncer]
listen_addr = ${host.address}
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(host.etc, 'pgbouncer-users.txt')}
admin_users = ${pgbouncerAdmin}
stats_users = ${pgbouncerAdmin}
pool_mode = transaction
max_client_conn = 500
default_pool_size = 40
query_wait_timeout = 20
server_login_retry = 1
server_connect_timeout = 5
ignore_startup_parameters = extra_float_digits,options
log_connections = 0
log_disconnections = 0
log_stats = 0
tcp_keepalive = 1
`
