import { describe, expect, it } from '@jest/globals'
import { hardCodedTopic } from '../../../runner/host-facts/hard-coded.ts'
import { jobsTopic } from '../../../runner/host-facts/jobs.ts'
import { maskSecrets } from '../../../domain/secret-text.ts'
import { networkTopic } from '../../../runner/host-facts/network.ts'
import { packagesTopic } from '../../../runner/host-facts/packages.ts'
import { runtimesTopic } from '../../../runner/host-facts/runtimes.ts'
import { servicesTopic } from '../../../runner/host-facts/services.ts'
import { systemTopic } from '../../../runner/host-facts/system.ts'
import { Sections } from '../../../runner/host-facts/topic.ts'

const read = (text: string) => Sections.read(text)

describe('the system', () => {
  it.each([
    [
      'openEuler with a service pack',
      '@@os\nNAME="openEuler"\nVERSION="24.03 (LTS-SP3)"\nID="openEuler"\nVERSION_ID="24.03"\nPRETTY_NAME="openEuler 24.03 (LTS-SP3)"\n',
      { id: 'openeuler', version: '24.03-SP3', endOfLife: '2027-12-31' },
    ],
    [
      'Alpine',
      '@@os\nNAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME=\'Alpine Linux v3.19\'\n@@libc\nmusl libc (x86_64) Version 1.2.4\n',
      {
        id: 'alpine',
        name: 'Alpine Linux v3.19',
        endOfLife: '2025-11-01',
        libc: 'musl libc (x86_64) Version 1.2.4',
      },
    ],
    [
      'CentOS 6, which has no os-release',
      '@@os\n@@release\nCentOS release 6.10 (Final)\n',
      { id: 'centos', version: '6.10', endOfLife: '2020-11-30' },
    ],
    [
      'Red Hat 6',
      '@@release\nRed Hat Enterprise Linux Server release 6.9 (Santiago)\n',
      { id: 'rhel', version: '6.9', endOfLife: '2020-11-30' },
    ],
    [
      'Kylin, whose dates are not known',
      '@@os\nID="kylin"\nVERSION_ID="V10"\n',
      { id: 'kylin', version: 'V10' },
    ],
    ['a host that says nothing', '', { id: 'unknown', name: 'unknown' }],
  ])('of %s', (_what, printed, expected) => {
    expect(systemTopic.read(read(printed)).system).toMatchObject(expected)
  })

  it('has the disks that hold data, and no others', () => {
    const printed = `@@disks
Filesystem           1024-blocks    Used Available Capacity Mounted on
tmpfs                    1024000       0   1024000       0% /dev/shm
/dev/mapper/vg-root     50000000 4000000  46000000       8% /
//nas/share one         10000000 9500000    500000      95% /mnt/my files
overlay                       10      10         0     100% /run/x
`
    expect(systemTopic.read(read(printed)).disks).toEqual([
      { device: '/dev/mapper/vg-root', mount: '/', sizeBytes: 51_200_000_000, usedBytes: 4_096_000_000 },
      {
        device: '//nas/share one',
        mount: '/mnt/my files',
        sizeBytes: 10_240_000_000,
        usedBytes: 9_728_000_000,
      },
    ])
  })
})

describe('packages', () => {
  it.each([
    [
      'dpkg',
      '@@dpkg\nnodejs\t12.22.12~dfsg-1\nlibx\t1\n',
      { manager: 'dpkg', count: 2, named: [{ name: 'nodejs', version: '12.22.12~dfsg-1' }] },
    ],
    [
      'rpm',
      '@@rpm\nhttpd\t2.4.6-99.el7\n',
      { manager: 'rpm', count: 1, named: [{ name: 'httpd', version: '2.4.6-99.el7' }] },
    ],
    [
      'apk',
      '@@apk\nmusl\t1.2.4-r2\nzlib\t1.3-r1\n',
      { manager: 'apk', count: 2, named: [{ name: 'musl', version: '1.2.4-r2' }] },
    ],
    ['no manager', '', { manager: 'unknown', count: 0, named: [] }],
  ])('of %s', (_manager, printed, expected) => {
    expect(packagesTopic.read(read(printed))).toEqual(expected)
  })
})

describe('the network', () => {
  const printed = `@@processes
   10 postgres  20480 /usr/lib/postgresql/15/bin/postgres -D /data
   11 app        19m node server.mjs --db-password=letmein
   12 root          0 [kworker/0:1]
@@tcp
0100007F:1538 00000000:0000 0A 101
0B00010A:1F90 00000000:0000 0A 102
0B00010A:1F90 0500010A:C001 01 103
0B00010A:1F90 0500010A:C002 01 104
0B00010A:C100 0900010A:05F1 01 105
0100007F:C101 0100007F:1538 01 106
0C00007F:1F90 00000000:0000 0A 107
@@tcp6
00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 108
0000000000000000FFFF00000B00010A:1F91 0000000000000000FFFF00000700010A:C003 01 109
B80D0120000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 110
@@udp
00000000:0035 00000000:0000 07 111
@@sockets
10 101
11 102
11 105
`
  const found = networkTopic('10.1.0.11').read(read(printed))

  it('has ports with their process, without those of a neighbour on the same machine', () => {
    expect(found.listening).toEqual([
      { protocol: 'tcp', address: '::', port: 22 },
      { protocol: 'tcp', address: '2001:db8::1', port: 22 },
      { protocol: 'udp', address: '0.0.0.0', port: 53 },
      { protocol: 'tcp', address: '127.0.0.1', port: 5432, process: 'postgres' },
      { protocol: 'tcp', address: '10.1.0.11', port: 8080, process: 'node' },
    ])
  })

  it('has who depends on the host and what it depends on, without what stays inside it', () => {
    expect(found.peers).toEqual([
      { address: '10.1.0.5', port: 0, direction: 'in', localPort: 8080, connections: 2 },
      { address: '10.1.0.9', port: 1521, direction: 'out', process: 'node', connections: 1 },
      { address: '10.1.0.7', port: 49155, direction: 'out', connections: 1 },
    ])
  })

  it('has processes without kernel threads and without their secrets', () => {
    expect(found.processes).toEqual([
      {
        pid: 10,
        user: 'postgres',
        memoryBytes: 20_971_520,
        command: '/usr/lib/postgresql/15/bin/postgres -D /data',
      },
      { pid: 11, user: 'app', memoryBytes: 19_922_944, command: 'node server.mjs --db-password=***' },
    ])
  })
})

describe('jobs', () => {
  it('are the same in every place they are written', () => {
    const printed = `@@user app
# m h dom mon dow command
MAILTO=root
*/5 * * * * /srv/app/nightly --token=abc
@daily  /srv/app/clean
@@system /etc/crontab
17 *\t* * *\troot cd / && run-parts /etc/cron.hourly
@@user /var/spool/cron/app
*/5 * * * * /srv/app/nightly --token=abc
@@periodic daily
/etc/cron.daily/logrotate
@@timers
Unit=fstrim.service\tTimersCalendar={ OnCalendar=weekly ; next_elapse=n/a }
`
    expect(jobsTopic([]).read(read(printed))).toEqual([
      { source: 'crontab of app', schedule: '*/5 * * * *', command: '/srv/app/nightly --token=***' },
      { source: 'crontab of app', schedule: '@daily', command: '/srv/app/clean' },
      { source: '/etc/crontab', schedule: '17 * * * *', command: 'cd / && run-parts /etc/cron.hourly' },
      { source: '/etc/cron.daily', schedule: 'daily', command: '/etc/cron.daily/logrotate' },
      { source: 'systemd', schedule: 'weekly', command: 'fstrim.service' },
    ])
  })
})

describe('services', () => {
  it('are read from systemd, OpenRC and runit', () => {
    const printed = `@@systemd
nginx.service loaded active running A high performance web server
absent.service not-found inactive dead absent.service
@@openrc
Runlevel: default
 sshd                              [  started  ]
@@runit
run: /srv/service/permit-desk: (pid 7) 100s; run: log: (pid 6) 100s
down: /srv/service/idle: 3s
`
    expect(servicesTopic('/srv/service').read(read(printed))).toEqual([
      { manager: 'systemd', name: 'nginx', state: 'active (running)' },
      { manager: 'openrc', name: 'sshd', state: 'started' },
      { manager: 'runit', name: 'permit-desk', state: 'run' },
      { manager: 'runit', name: 'idle', state: 'down' },
    ])
  })
})

describe('runtimes', () => {
  it.each([
    ['.nvmrc', 'v12.22.12', 'node', '12.22.12'],
    ['package.json', '{"engines":{"npm":"1","node":">=14.2 <17"}}', 'node', '14.2'],
    ['app.json', '{"version":"3.2.1","runtime":"node-12"}', 'node', '12'],
    ['composer.json', '{"require":{"php":"^7.2"}}', 'php', '7.2'],
    ['pom.xml', '<properties><java.version>1.8</java.version></properties>', 'java', '1.8'],
    ['runtime.txt', 'python-2.7.18', 'python', '2.7.18'],
    ['Dockerfile', 'ARG x\nFROM openjdk:8-jre\nFROM scratch', 'java', '8'],
    ['.tool-versions', 'nodejs 10.1.0\n', 'node', '10.1.0'],
    ['pyproject.toml', 'requires-python = ">=3.6"', 'python', '3.6'],
  ])('are told by %s', (name, text, language, version) => {
    const source = `/srv/app/${name}`
    const found = runtimesTopic(['/srv/app']).read(read(`@@file ${source}\n${text}\n`))
    expect(found).toMatchObject([{ language, version, source, declared: true }])
    expect(found[0]?.endOfLife).toBeDefined()
  })

  it.each([
    ['#!/usr/bin/python2.7', 'python', '2.7'],
    ['#!/bin/sh\n# runtime=node-12', 'node', '12'],
  ])('are told by a script that begins %j', (text, language, version) => {
    expect(runtimesTopic(['/srv']).read(read(`@@script /srv/run\n${text}\n`))).toMatchObject([
      { language, version },
    ])
  })

  it('are not made up from files that name none', () => {
    const printed =
      '@@file /srv/package.json\n{"name":"node-12-things","version":"12.0.0"}\n@@script /srv/run\n#!/bin/sh\n'
    expect(runtimesTopic(['/srv']).read(read(printed))).toEqual([])
  })
})

describe('hard-coded addresses and paths', () => {
  const found = (line: string) =>
    hardCodedTopic(['/srv/app'], [])
      .read(read(`@@lines\n/srv/app/app.conf:7:${line}\n`))
      .map(({ kind, match }) => `${kind} ${match}`)

  it.each([
    ['DB_HOST=10.20.0.11', ['ip-address 10.20.0.11']],
    ['url: "jdbc:oracle:thin:@10.1.1.5:1521/x"', ['ip-address 10.1.1.5']],
    ['LISTEN=0.0.0.0', []],
    ['LISTEN=127.0.0.1:80', []],
    ['version: 1.2.3.4.5', []],
    ['mask 255.255.255.0', []],
    ['number 300.1.1.1', []],
    ['UPLOAD_DIR=/data/uploads', ['absolute-path /data/uploads']],
    ['home = "/srv/app/files"', ['absolute-path /srv/app/files']],
    ['url: https://host/data/x', []],
    ['path: ${ROOT}/data/x', []],
    ['#!/usr/local/bin/node', []],
    ['copy 10.1.1.1 to /opt/app/x', ['ip-address 10.1.1.1', 'absolute-path /opt/app/x']],
  ])('in %j are %j', (line, expected) => {
    expect(found(line)).toEqual(expected)
  })

  it('come with their file, line and text, without the secrets beside them', () => {
    const printed = '@@lines\n/srv/app/app.conf:7:db=postgres://app:s3cret@10.1.1.1/x\n'
    expect(hardCodedTopic(['/srv/app'], []).read(read(printed))).toEqual([
      {
        kind: 'ip-address',
        file: '/srv/app/app.conf',
        line: 7,
        match: '10.1.1.1',
        text: 'db=postgres://app:***@10.1.1.1/x',
      },
    ])
  })

  it('are all kept up to thousands of lines, and said to be more where there are', () => {
    const topic = hardCodedTopic(['/srv/app'], [])
    const printed = (lines: number) =>
      read(
        `@@lines\n${Array.from({ length: lines }, (_, n) => `/srv/app/a.sql:${String(n)}:10.1.1.1\n`).join('')}`,
      )
    expect(topic.read(printed(5_000))).toHaveLength(5_000)
    expect(topic.gap?.(printed(5_000))).toBeUndefined()
    expect(topic.read(printed(8_001))).toHaveLength(8_000)
    expect(topic.gap?.(printed(8_001))).toBe('more than 8000 lines hold one; those after them were not read')
  })
})

describe('maskSecrets', () => {
  it.each([
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=***'],
    ['password: "hunter2"', 'password: "***"'],
    ['"apiKey": "abc", "name": "x"', '"apiKey": "***", "name": "x"'],
    ['<password>hunter2</password>', '<password>***</password>'],
    ['mysql --password=hunter2 -h db', 'mysql --password=*** -h db'],
    ['mysql --password hunter2 -h db', 'mysql --password *** -h db'],
    ['redis://:hunter2@cache:6379', 'redis://:***@cache:6379'],
    ['数据库密码=hunter2', '数据库密码=***'],
    ['DB_PASSWORD_FILE=/etc/app/password', 'DB_PASSWORD_FILE=/etc/app/password'],
    ['passenger: 3', 'passenger: 3'],
    ['LISTEN_PORT=80', 'LISTEN_PORT=80'],
  ])('%j → %j', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it('is not held up by a line of one endless word', () => {
    const word = 'a'.repeat(400_000)
    expect(maskSecrets(word)).toBe(word)
  })
})
