import type { PackageFacts } from '../../domain/assessment/host-facts.ts'
import type { Topic } from './topic.ts'

const script = `
if command -v dpkg-query >/dev/null 2>&1; then
  echo @@dpkg; dpkg-query -W -f='\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\n' 2>/dev/null | grep '^.i' | cut -f 2-
elif command -v rpm >/dev/null 2>&1; then
  echo @@rpm; rpm -qa --qf '%{NAME}\\t%{VERSION}-%{RELEASE}\\n' 2>/dev/null
elif command -v apk >/dev/null 2>&1; then
  echo @@apk; apk info -v 2>/dev/null | sed 's/-\\([0-9][^-]*-r[0-9]*\\)$/\\t\\1/'
fi
true`

/** Servers and runtimes, which a move has to install or replace on the new host. */
const worthNaming =
  /^(nodejs|npm|openjdk-.*-(jre|jdk).*|java-.*openjdk.*|temurin-.*|tomcat\d*|php\d*(\.\d+)?(-fpm|-cli|-common)?|python[23](\.\d+)?|ruby\d*(\.\d+)?|dotnet-runtime.*|golang|perl|postgresql(-server|-\d+|\d+-server)?|mariadb-server.*|mysql-(community-)?server.*|redis(-server)?|mongodb.*|memcached|rabbitmq-server|elasticsearch|nginx(-core|-full|-light)?|apache2|httpd|haproxy|pgbouncer|keepalived|docker(\.io|-ce)|containerd(\.io)?|openssh-server|openssl|runit|supervisor|cron|cronie|rsync|samba|vsftpd|nfs-kernel-server|nfs-utils|libc6|glibc|musl)$/

/** The package manager, the number of packages, and the packages that matter to a move. */
export const packagesTopic: Topic<PackageFacts> = {
  name: 'packages',
  script,
  empty: { manager: 'unknown', count: 0, named: [] },
  gap: (sections) =>
    ['dpkg', 'rpm', 'apk'].some((manager) => sections.lines(manager).length > 0)
      ? undefined
      : 'none of dpkg, rpm and apk names a package',
  read(sections) {
    for (const manager of ['dpkg', 'rpm', 'apk'] as const) {
      const lines = sections.lines(manager)
      if (lines.length === 0) continue
      const named = lines.flatMap((line) => {
        const [name = '', version = ''] = line.split('\t')
        return worthNaming.test(name) ? [{ name, version }] : []
      })
      return { manager, count: lines.length, named: named.slice(0, 200) }
    }
    return { manager: 'unknown', count: 0, named: [] }
  },
}
