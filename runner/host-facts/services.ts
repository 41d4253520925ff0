import type { ServiceFacts } from '../../domain/assessment/host-facts.ts'
import { quote } from '../ssh/quote.ts'
import type { Topic } from './topic.ts'

/** The services of systemd, OpenRC and runit, as far as the host has them. */
export function servicesTopic(serviceDir: string | undefined): Topic<readonly ServiceFacts[]> {
  const runit = serviceDir === undefined ? '/etc/service/* /var/service/*' : `${quote(serviceDir)}/*`
  return {
    name: 'services',
    script: `
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
echo @@systemd
[ -d /run/systemd/system ] && systemctl list-units --type=service --all --plain --no-legend --no-pager 2>/dev/null
echo @@openrc
command -v rc-status >/dev/null 2>&1 && rc-status --all --nocolor 2>/dev/null
echo @@runit
command -v sv >/dev/null 2>&1 && for service in ${runit}; do [ -f "$service/run" ] && sv status "$service" 2>&1; done
true`,
    empty: [],
    read: (sections) =>
      [
        ...sections.lines('systemd').flatMap((line): ServiceFacts[] => {
          const [, name, load, active, sub] = /^\W*(\w\S*)\.service\s+(\S+)\s+(\S+)\s+(\S+)/.exec(line) ?? []
          if (name === undefined || load !== 'loaded') return []
          return [{ manager: 'systemd', name, state: `${active ?? ''} (${sub ?? ''})` }]
        }),
        ...sections.lines('openrc').flatMap((line): ServiceFacts[] => {
          const [, name, state] = /^\s+(\S+)\s.*\[\s*(\w+)/.exec(line) ?? []
          return name === undefined || state === undefined ? [] : [{ manager: 'openrc', name, state }]
        }),
        ...sections.lines('runit').flatMap((line): ServiceFacts[] => {
          const [, state, path] = /^(\w+): (.*?): /.exec(line) ?? []
          const name = path?.split('/').at(-1)
          return name === undefined || state === undefined ? [] : [{ manager: 'runit', name, state }]
        }),
      ].slice(0, 400),
  }
}
