import type { HostSurroundings, PlaceOnHost } from '../../domain/assessment/host-surroundings.ts'
import { quoteAll } from '../ssh/quote.ts'
import type { HostPort } from '../steps/kind.ts'
import { Sections } from './topic.ts'

/** Reads what programs find on a host, and of these folders what would take them away. Nothing is changed there. */
export async function surroundingsOf(host: HostPort, places: readonly string[]): Promise<HostSurroundings> {
  const askedAtMs = Date.now()
  const { stdout } = await host.run(script(places))
  const answeredAtMs = Date.now()
  const sections = Sections.read(stdout)
  const nowMs = /^\d{13}$/.test(sections.first('clock')) ? Number(sections.first('clock')) : undefined
  const loses = sections.first('shared memory')
  const cron = sections.first('cron')
  return {
    ...(nowMs !== undefined && {
      clockAheadMs: { atLeast: nowMs - answeredAtMs, atMost: nowMs - askedAtMs },
    }),
    authorities: new Map(sections.lines('authorities').flatMap(authorityOf)),
    limits: limitsOf(sections.lines('limits')),
    renewals: [...new Set(sections.lines('renewals'))].toSorted(),
    renews: sections.first('renews') === 'yes',
    zonedCrontabs: sections.lines('zoned crontabs'),
    ...(cron !== '' && { cronKnowsZones: cron === 'cronie' }),
    ...(loses !== '' && { losesSharedMemory: loses }),
    places: new Map(places.map((place, n) => [place, placeOf(sections.lines(`place ${String(n)}`))])),
  }
}

function authorityOf(line: string): readonly (readonly [string, string])[] {
  const [, digest, name] = /^([0-9a-f]{64}) (.+)$/.exec(line) ?? []
  return digest === undefined || name === undefined ? [] : [[digest, name]]
}

function placeOf(lines: readonly string[]): PlaceOnHost {
  const of = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1)
  const [cleanedBy, passingMount, label] = [of('cleaned'), of('mount'), of('label')]
  return {
    ...(cleanedBy !== undefined && { cleanedBy }),
    ...(passingMount !== undefined && { passingMount }),
    ...(label !== undefined && { label }),
    enforced: of('selinux') === 'Enforcing',
  }
}

/** What a program takes where nothing is set. */
const unset: Readonly<Record<string, string>> = {
  'nginx client_max_body_size': '1m',
  'php post_max_size': '8M',
  'php upload_max_filesize': '2M',
  'php memory_limit': '128M',
  'php max_input_vars': '1000',
}

/** The largest of each: which of several files holds for a request is the program's affair. */
function limitsOf(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const line of lines) {
    const [program = '', name = '', value = ''] = line.split(' ')
    if (name === '') continue
    const setting = `${program} ${name}`
    const amount = amountOf(value)
    if (amount !== undefined) found.set(setting, Math.max(found.get(setting) ?? 0, amount))
  }
  const programs = new Set(lines.map((line) => line.split(' ')[0]))
  for (const [setting, value] of Object.entries(unset)) {
    if (!programs.has(setting.split(' ')[0]) || found.has(setting)) continue
    found.set(setting, amountOf(value) ?? 0)
  }
  return found
}

/** `50m`, `8M`, `1G`, `1000`; 0 of nginx and -1 of PHP mean that there is no limit. */
function amountOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(-?\d+)([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  const amount = Number(digits) * 1024 ** '_kmg'.indexOf(unit === '' ? '_' : unit.toLowerCase())
  return amount <= 0 ? Infinity : amount
}

const authorities = `for file in /usr/local/share/ca-certificates/* /usr/local/share/ca-certificates/*/* /etc/pki/ca-trust/source/anchors/* /etc/pki/trust/anchors/*; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  awk '/-BEGIN CERT/ { inside = 1; text = ""; next } /-END CERT/ { print text; inside = 0 } inside { gsub(/[ \\t\\r]/, ""); text = text $0 }' "$file" |
    while read -r text; do printf '%s %s\\n' "$(printf %s "$text" | sha256sum | cut -c 1-64)" "\${file##*/}"; done
done`

const limits = `for file in /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* /etc/nginx/snippets/*.conf; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  [ "$file" = /etc/nginx/nginx.conf ] && echo 'nginx there'
  sed -n 's/^[[:space:]]*\\(client_max_body_size\\)[[:space:]]\\{1,\\}\\([0-9]*[kKmMgG]\\{0,1\\}\\);.*/nginx \\1 \\2/p' "$file"
done
for file in /etc/php.ini /etc/php.d/*.ini /etc/php/*/fpm/php.ini /etc/php/*/fpm/conf.d/*.ini /etc/php/*/apache2/php.ini /etc/php/*/apache2/conf.d/*.ini; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  case "$file" in */php.ini) echo 'php there' ;; esac
  sed -n 's/^[[:space:]]*\\(post_max_size\\|upload_max_filesize\\|memory_limit\\|max_input_vars\\)[[:space:]]*=[[:space:]]*"\\{0,1\\}\\(-\\{0,1\\}[0-9]*[kKmMgG]\\{0,1\\}\\).*/php \\1 \\2/p' "$file"
done`

const renewals = `for file in /etc/letsencrypt/renewal/*.conf; do
  if [ -e "$file" ]; then name=\${file##*/}; echo "\${name%.conf}"; fi
done
for file in "$HOME"/.acme.sh/*/*.conf; do
  [ -f "$file" ] && sed -n "s/^Le_Domain='\\(.*\\)'$/\\1/p" "$file"
done
echo @@renews
{ systemctl is-enabled certbot.timer certbot-renew.timer snap.certbot.renew.timer 2>/dev/null | grep -q '^enabled' ||
  grep -qsE '^[^#]*(certbot|acme\\.sh)' /etc/crontab /etc/cron.d/* /etc/cron.daily/* /var/spool/cron/* /var/spool/cron/crontabs/* ||
  crontab -l 2>/dev/null | grep -qE '^[^#]*(certbot|acme\\.sh)'; } && echo yes`

/** Debian's cron takes CRON_TZ for a variable of the job: https://github.com/code-dot-org/code-dot-org/pull/21258 */
const crontabs = `grep -lsE '^[[:space:]]*CRON_TZ[[:space:]]*=' /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/*
crontab -l 2>/dev/null | grep -qE '^[[:space:]]*CRON_TZ[[:space:]]*=' && echo "crontab of $(id -un)"
echo @@cron
if rpm -q cronie >/dev/null 2>&1 || dpkg -s cronie >/dev/null 2>&1; then echo cronie; elif [ -x /usr/sbin/cron ]; then echo other; fi`

/* Only a user above the range of the system's is taken for one who logs in and out. */
const sharedMemory = `case "$(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager RemoveIPC 2>/dev/null)" in
  'b true') [ "$(id -u)" -ge 1000 ] && ps -o args= -u "$(id -u)" | grep -qE '^(\\S*/)?postgres( |:)' && id -un ;;
esac`

/** On a host without systemd as its first process files are not cleaned by it, and mounts come from outside. */
const place = `if [ -d /run/systemd/system ]; then
    cat /usr/lib/tmpfiles.d/*.conf /etc/tmpfiles.d/*.conf 2>/dev/null | place="$place" awk '
      $1 ~ /^[a-zA-Z]/ { base = $2; sub(/[*?%\\[].*/, "", base); sub(/\\/+$/, "", base); if (base == "" || index(ENVIRON["place"] "/", base "/") != 1) next }
      $1 ~ /^[xX]/ { kept = 1 }
      $1 ~ /^[RrD]/ || ($1 ~ /^[dvqQeC]/ && $6 != "" && $6 != "-") { line = $0 }
      END { if (line != "" && !kept) print "cleaned " line }'
    mount=$(findmnt -n -o TARGET -T "$there" 2>/dev/null)
    case "$mount" in ''|/) ;; *)
      findmnt --fstab -n "$mount" >/dev/null 2>&1 ||
        systemctl is-enabled "$(systemd-escape -p --suffix=mount -- "$mount")" 2>/dev/null | grep -qE '^(enabled|static|generated)' ||
        echo "mount $mount" ;;
    esac
  fi
  mode=$(getenforce 2>/dev/null)
  case "$mode" in Enforcing|Permissive) echo "selinux $mode"; echo "label $(stat -c %C -- "$there" | cut -d : -f 3)" ;; esac`

function script(places: readonly string[]): string {
  return `export LC_ALL=C
echo @@clock; date +%s%3N
echo @@authorities
${authorities}
echo @@limits
${limits}
echo @@renewals
${renewals}
echo '@@zoned crontabs'
${crontabs}
echo '@@shared memory'
${sharedMemory}
n=0
for place in ${quoteAll(places)}; do
  echo "@@place $n"; n=$((n + 1))
  there=$place
  while [ ! -e "$there" ] && [ -n "$there" ]; do there=\${there%/*}; done
  there=\${there:-/}
  ${place}
done
true`
}
