import { join } from 'node:path'
import type { DatabaseSide } from '../description.ts'
import type { Lab } from '../lab.ts'
import { ensureSecret } from '../secrets.ts'
import { runOn } from '../ssh.ts'
import { mariadbSecretOf } from './describe.ts'
import type { MariadbRelease } from './mariadb.ts'
import { quote } from './privilege.ts'

export const mariadbAdmin = 'qianyun_admin'

/** Where a host's MariaDB listens: on the port that pgbouncer has on the entry, which is free on every other address. */
export function mariadbPort(lab: Pick<Lab['description'], 'ports'>): number {
  return lab.ports.pgbouncer
}

const serverIds: Readonly<Record<DatabaseSide, number>> = { old: 1, staging: 2, cloud: 3 }

/** Has a host of the lab run a MariaDB that holds nothing but its administrator. One that is there already stays. */
export async function startMariadbOn(lab: Lab, side: DatabaseSide, release: MariadbRelease): Promise<void> {
  const { address, home, serviceDir, logDir } = lab.description.hosts[side]
  const password = await ensureSecret(lab.description.home, mariadbSecretOf(side))
  const place = join(home, 'mariadb')
  const service = join(serviceDir, 'mariadb')
  const common = [
    '--no-defaults',
    `--datadir=${join(place, 'data')}`,
    `--tmpdir=${join(place, 'tmp')}`,
    `--lc-messages-dir=${release.share}`,
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=32M',
    '--performance-schema=OFF',
  ]
  const options = Object.entries({
    'log-bin': join(place, 'data/binlog'),
    'log-slave-updates': 'ON',
    'binlog-format': 'ROW',
    'sync-binlog': '1',
    'event-scheduler': 'ON',
    'log-bin-trust-function-creators': 'ON',
    'server-id': String(serverIds[side]),
    'bind-address': address,
    port: String(mariadbPort(lab.description)),
    // In the folder of its data: a path of a socket has to be shorter than 108 bytes.
    socket: 'socket',
    'pid-file': join(place, 'pid'),
  }).map(([option, value]) => `--${option}=${value}`)
  const program = `env LD_LIBRARY_PATH=${quote(release.libraries ?? '')} ${quote(release.program)}`
  const words = (all: readonly string[]): string => all.map(quote).join(' ')
  const tables = ['system_tables', 'performance_tables', 'system_tables_data'].map((part) =>
    join(release.share, `${release.files}_${part}.sql`),
  )
  const run = `#!/bin/sh\nexec >>${quote(join(logDir, 'mariadb.log'))} 2>&1\nexec ${program} ${words([...common, ...options])}\n`
  const { exitCode, stderr } = await runOn(
    lab,
    side,
    `set -e; umask 027
mkdir -p ${words([join(place, 'data'), join(place, 'tmp'), service])}
if [ ! -e ${quote(join(place, 'made'))} ]; then
{ printf '%s\\n' 'CREATE DATABASE mysql;' 'USE mysql;' 'SET @auth_root_socket = NULL;'
cat ${words(tables)}
cat <<'END-OF-SQL'
FLUSH PRIVILEGES;
CREATE USER '${mariadbAdmin}'@'%' IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON *.* TO '${mariadbAdmin}'@'%' WITH GRANT OPTION;
END-OF-SQL
} | ${program} ${words(common)} --bootstrap --skip-networking >>${quote(join(logDir, 'mariadb.log'))} 2>&1
touch ${quote(join(place, 'made'))}
fi
printf %s ${quote(run)} > ${quote(join(service, 'run.new'))}
chmod 750 ${quote(join(service, 'run.new'))}; mv ${quote(join(service, 'run.new'))} ${quote(join(service, 'run'))}
left=100; until sv -w 30 up ${quote(service)} 2>/dev/null; do left=$((left - 1)); [ $left -gt 0 ]; sleep 0.2; done`,
  )
  if (exitCode !== 0) throw new Error(`MariaDB could not be started on "${side}": ${stderr}`)
}
