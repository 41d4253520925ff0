import { expect, it } from '@jest/globals'
import { startersTopic } from '../../../runner/host-facts/starters.ts'
import { Sections } from '../../../runner/host-facts/topic.ts'
import { quote } from '../../../runner/ssh/quote.ts'
import { LocalHost } from '../../support/local-host.ts'

const files: Readonly<Record<string, string>> = {
  '/etc/logrotate.d/desk': `/var/log/desk/*.log {
  daily
  # start here
  postrotate
    # systemctl restart nothing
    systemctl restart permit-desk >/dev/null
  endscript
}
`,
  '/etc/logrotate.d/calm': `/var/log/calm.log {
  postrotate
    systemctl try-restart calm; systemctl reload calm; /sbin/service calm condrestart
  endscript
}
`,
  '/etc/logrotate.d/either': `/var/log/either.log {
  postrotate
    systemctl reload-or-restart either
  endscript
}
`,
  '/etc/monit/conf.d/desk': `check process desk with pidfile /run/desk.pid
  start program = "/usr/bin/systemctl start permit-desk"
  stop program = "/usr/bin/systemctl stop permit-desk"
  if failed port 8080 then restart
`,
  '/etc/monit/monitrc': `set daemon 60
  start delay 240
`,
  '/etc/bin/docker': `#!/bin/sh
case $1 in ps) echo 4711; echo 4712 ;; inspect) echo "/permit_desk always"; echo "/other unless-stopped" ;; esac
`,
}

/** A host whose /etc is its own. */
const host = new LocalHost('old', [
  ...['unshare', '--mount', 'sh', '-c'],
  `mount -t tmpfs none /etc && mkdir -p /etc/logrotate.d /etc/monit/conf.d /etc/bin
${Object.entries(files)
  .map(([path, text]) => `printf %s ${quote(text)} >${path}`)
  .join('\n')}
chmod 755 /etc/bin/docker; export PATH="/etc/bin:$PATH"; exec "$@"`,
  '-',
])

it('what starts a stopped service again is found with the words by which it does, and what leaves it alone is not', async () => {
  const { stdout } = await host.run(startersTopic.script)
  expect(startersTopic.read(Sections.read(stdout))).toEqual([
    { by: 'logrotate', place: '/etc/logrotate.d/desk', command: 'systemctl restart permit-desk >/dev/null' },
    { by: 'logrotate', place: '/etc/logrotate.d/either', command: 'systemctl reload-or-restart either' },
    {
      by: 'monit',
      place: '/etc/monit/conf.d/desk',
      command: 'start program = "/usr/bin/systemctl start permit-desk"',
    },
    { by: 'docker', place: 'permit_desk', command: '--restart=always' },
  ])
})
