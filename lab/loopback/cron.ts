import { join } from 'node:path'
import { type Host, writeFile } from './host.ts'
import { writeService } from './runit.ts'

/** A piece of shell script that gives a host a crontab of its own: `crontab` to read and write it, `crond` to run it. */
export function writeCron(host: Host): string {
  const crontab = join(host.etc, 'crontab')
  const crond = join(host.home, 'bin/crond')
  return [
    writeFile(join(host.home, 'bin/crontab'), crontabCommand(crontab), { mode: 750 }),
    writeFile(crond, crondLoop(crontab), { mode: 750 }),
    writeService(host, { name: 'cron', command: [crond] }),
  ].join('\n')
}

const crontabCommand = (crontab: string) => `#!/bin/sh
# crontab -l | -r | - | <file>, for this host's own user.
case "$1" in
-l) cat '${crontab}' 2>/dev/null || { echo "no crontab for $(id -un)" >&2; exit 1; } ;;
-r) rm -f '${crontab}' ;;
'') echo 'usage: crontab -l | -r | - | <file>' >&2; exit 2 ;;
*) cat -- "$1" > '${crontab}.new' && mv '${crontab}.new' '${crontab}' ;;
esac
`

const crondLoop = (crontab: string) => `#!/bin/sh
# Runs the lines of the crontab at the start of each minute they name: minute hour day month weekday command,
# each field a number, a range, a list, * or any of these with a step.
trap 'kill "$!" 2>/dev/null; exit 0' TERM INT
while :; do
  sleep $((60 - $(date +%s) % 60)) &
  wait "$!"
  [ -f '${crontab}' ] || continue
  awk -v now="$(date '+%M %H %d %m %w')" '
    function matches(field, value,   parts, n, i, step, range) {
      n = split(field, parts, ",")
      for (i = 1; i <= n; i++) {
        split(parts[i], step, "/")
        if (step[1] == "*") { range[1] = 0; range[2] = 99 }
        else if (split(step[1], range, "-") == 1) range[2] = range[1]
        if (value >= range[1] + 0 && value <= range[2] + 0 && (step[2] == "" || (value - range[1]) % step[2] == 0)) return 1
      }
      return 0
    }
    BEGIN { split(now, t, " ") }
    /^[0-9*]/ && NF >= 6 {
      for (i = 1; i <= 5; i++) if (!matches($i, t[i] + 0)) next
      line = $0
      for (i = 1; i <= 5; i++) sub(/^[^ \\t]+[ \\t]+/, "", line)
      print line
    }' '${crontab}' | while read -r job; do
    sh -c "$job" &
  done
done
`
