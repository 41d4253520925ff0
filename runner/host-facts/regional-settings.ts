import type { HostPort } from '../steps/kind.ts'

/** The time zone and the locale that programs of a host start with, unless they have settings of their own. */
export interface RegionalSettings {
  /** Absent if the host does not tell. */
  readonly timeZone?: {
    /** `Asia/Shanghai +0800`, `Europe/London +0000/+0100` */
    readonly name: string
    /** The offsets from UTC over the year to come. Time zones of different names may have the same. */
    readonly offsets: string
  }
  /** `LANG=zh_CN.utf8`, with the LC_ variables that are set; `C` if none is. */
  readonly locale: string
}

const instants = 13
const betweenSeconds = 30 * 86_400

/** Reads the regional settings of a host from its files: those of the login, which sshd may have been given, are passed over. */
export async function regionalSettings(
  host: HostPort,
  nowMs: number = Date.now(),
): Promise<RegionalSettings> {
  const firstSecond = Math.floor(nowMs / 1000)
  const seconds = Array.from({ length: instants }, (_, n) => String(firstSecond + n * betweenSeconds))
  const { stdout } = await host.run(`unset TZ
{ readlink /etc/localtime || cat /etc/timezone || date +%Z; } 2>/dev/null | sed 's/^.*zoneinfo\\///' | head -n 1
for at in ${seconds.join(' ')}; do date -d "@$at" +%z 2>/dev/null; done | tr '\\n' ' '
echo
for file in /etc/locale.conf /etc/default/locale /etc/sysconfig/i18n; do
  if [ -r "$file" ]; then cat "$file"; break; fi
done`)
  const [name = '', offsets = '', ...variables] = stdout.split('\n')
  const inUse = [...new Set(offsets.trim().split(' '))].join('/')
  return {
    ...(/^([+-]\d{4} ){13}$/.test(offsets) && {
      timeZone: { name: `${name.trim()} ${inUse}`, offsets },
    }),
    locale: localeOf(variables),
  }
}

function localeOf(lines: readonly string[]): string {
  const variables = lines
    .flatMap((line) => {
      const [, name = '', value = ''] = /^\s*(?:export\s+)?(LANG|LC_[A-Z]+)=["']?([^"'\s]*)/.exec(line) ?? []
      // As `locale -a` writes them: UTF-8 and utf8 are the same.
      return value === '' ? [] : [`${name}=${value.replace(/\.utf-?8/i, '.utf8')}`]
    })
    .filter((variable) => !/=(C|POSIX)$/.test(variable))
    .toSorted()
  return variables.length === 0 ? 'C' : variables.join(' ')
}
