import type { ScheduledJob } from '../../domain/assessment/host-facts.ts'
import { quoteAll } from '../ssh/quote.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import type { Sections, Topic } from './topic.ts'

/** Scheduled jobs: the crontabs of the user, of the system and, where readable, of every user, and the timers of systemd. */
export function jobsTopic(crontabs: readonly string[]): Topic<readonly ScheduledJob[]> {
  return {
    name: 'jobs',
    script: `
# No line of a table begins a section.
told() { sed 's/^@@/ &/'; }
echo "@@user $(id -un 2>/dev/null)"; crontab -l 2>/dev/null | told
for file in /etc/crontab /etc/cron.d/*; do [ -f "$file" ] && [ -r "$file" ] && echo "@@system $file" && told <"$file"; done
for file in /var/spool/cron/crontabs/* /var/spool/cron/* ${quoteAll(crontabs)}; do
  [ -f "$file" ] && [ -r "$file" ] && echo "@@user $file" && told <"$file"
done
for period in hourly daily weekly monthly; do
  for file in /etc/cron.$period/* /etc/periodic/$period/*; do
    [ -f "$file" ] && [ -x "$file" ] && echo "@@periodic $period" && echo "$file"
  done
done
echo @@timers
[ -d /run/systemd/system ] && systemctl show '*.timer' -p Unit -p TimersCalendar -p TimersMonotonic --no-pager 2>/dev/null |
  awk -v RS= '{ gsub(/\\n/, "\\t"); print }'
true`,
    empty: [],
    read(sections) {
      const jobs = [
        ...sections.each('user').flatMap(([who, lines]) => crontabOf(userSource(who), lines, false)),
        ...sections.each('system').flatMap(([file, lines]) => crontabOf(file, lines, true)),
        ...sections.each('periodic').flatMap(([schedule, [file = '']]) => {
          return [{ source: file.replace(/\/[^/]*$/, ''), schedule, command: file }]
        }),
        ...timersOf(sections),
      ]
      const seen = new Set<string>()
      return jobs
        .filter(({ schedule, command }) => {
          const key = `${schedule} ${command}`
          return seen.has(key) ? false : seen.add(key)
        })
        .slice(0, 300)
    },
  }
}

function userSource(who: string): string {
  return who.startsWith('/') ? who : `crontab of ${who}`
}

/** `minute hour day month weekday [user] command`, or `@daily [user] command`. */
function crontabOf(source: string, lines: readonly string[], withUser: boolean): ScheduledJob[] {
  return lines.flatMap((line) => {
    const [, schedule, rest] = /^\s*(@\w+|(?:[\d*][\w*,/-]*\s+)(?:\S+\s+){3}\S+)\s+(\S.*)$/s.exec(line) ?? []
    if (schedule === undefined || rest === undefined) return []
    const command = withUser ? rest.replace(/^\S+\s+/, '') : rest
    return [
      {
        source,
        schedule: schedule.replace(/\s+/g, ' '),
        command: maskSecrets(command.slice(0, 1_000)).slice(0, 300),
      },
    ]
  })
}

function timersOf(sections: Sections): ScheduledJob[] {
  return sections.lines('timers').flatMap((line) => {
    const unit = /(?:^|\t)Unit=([^\t]+)/.exec(line)?.[1]
    const when = /(?:^|\t)Timers(?:Calendar|Monotonic)=\{ ?([^;]*?) ;/.exec(line)?.[1]
    if (unit === undefined) return []
    return [{ source: 'systemd', schedule: (when ?? '').replace(/^OnCalendar=/, ''), command: unit }]
  })
}
