import type { StarterFacts } from '../../domain/assessment/host-facts.ts'
import { maskSecrets } from '../../domain/secret-text.ts'
import type { Topic } from './topic.ts'

/** Words that start what was stopped; those that leave it alone (`try-restart`, `condrestart`, `reload`) are none. */
const starts = `(^|[^-a-z])(re)?start([^-a-z]|$)|reload-or-restart`

/**
 * What starts a service or a container again that somebody has stopped: rotation of logs, monit, docker.
 * https://github.com/cs3org/wopiserver/pull/59, https://github.com/dimagi/commcare-cloud/pull/1090
 */
export const startersTopic: Topic<readonly StarterFacts[]> = {
  name: 'starters',
  script: `
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
for file in /etc/logrotate.d/*; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  found=$(sed -n '/^[[:space:]]*\\(prerotate\\|postrotate\\|firstaction\\|lastaction\\|preremove\\)/,/^[[:space:]]*endscript/p' "$file" | grep -v '^[[:space:]]*#' | grep -E '${starts}')
  [ -n "$found" ] && printf '@@logrotate %s\\n%s\\n' "$file" "$found"
done
for file in /etc/monitrc /etc/monit/monitrc /etc/monit/conf.d/* /etc/monit/conf-enabled/* /etc/monit.d/*; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  found=$(grep -iE '^[[:space:]]*start([[:space:]]+program)?[[:space:]]*=?' "$file" | grep -iv '^[[:space:]]*start delay')
  [ -n "$found" ] && printf '@@monit %s\\n%s\\n' "$file" "$found"
done
echo '@@containers'
command -v docker >/dev/null 2>&1 && docker ps --all --quiet --filter status=running 2>/dev/null | head -n 200 |
  xargs -r docker inspect --format '{{.Name}} {{.HostConfig.RestartPolicy.Name}}' 2>/dev/null | grep ' always$'
true`,
  empty: [],
  read: (sections) =>
    [
      ...(['logrotate', 'monit'] as const).flatMap((by) =>
        sections.each(by).flatMap(([place, lines]) =>
          lines.map((line): StarterFacts => ({
            by,
            place,
            command: maskSecrets(line.trim().slice(0, 1_000)).slice(0, 200),
          })),
        ),
      ),
      ...sections.lines('containers').map((line): StarterFacts => {
        const [name = '', policy = ''] = line.trim().split(' ')
        return { by: 'docker', place: name.replace(/^\//, ''), command: `--restart=${policy}` }
      }),
    ].slice(0, 200),
}
