import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { placeProblems, surroundingProblems } from '../../../domain/assessment/host-differences.ts'
import type { HostSurroundings } from '../../../domain/assessment/host-surroundings.ts'
import { say } from '../../../domain/words/said.ts'
import { surroundingsOf } from '../../../runner/host-facts/surroundings.ts'
import { LocalHost } from '../../support/local-host.ts'

const folders: string[] = []
let etc: string
let tools: string

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  ;[etc, tools] = ['etc', 'tools'].map((name) => {
    const folder = mkdtempSync(join(tmpdir(), `qianyun-${name}-`))
    folders.push(folder)
    return folder
  }) as [string, string]
  cpSync('/etc/passwd', join(etc, 'passwd'))
  // The host's own awk is found by it.
  cpSync('/etc/alternatives', join(etc, 'alternatives'), { recursive: true, verbatimSymlinks: true })
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(etc, file)), { recursive: true })
  writeFileSync(join(etc, file), text)
}

function tool(name: string, script: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(tools, name), 0o755)
}

/** A host with `/etc` and tools of its own, whose first process is systemd as far as anybody looks. */
function host(): LocalHost {
  const mounts = `mount --bind ${etc} /etc && mount -t tmpfs none /run && mkdir -p /run/systemd/system && mount --bind ${tools} /usr/local/bin`
  const anchors = join(etc, 'anchors')
  const own = existsSync(anchors)
    ? ` && mkdir -p /usr/local/share/ca-certificates && mount --bind ${anchors} /usr/local/share/ca-certificates`
    : ''
  const inside = ['sh', '-c', `${mounts}${own} && export PATH=/usr/local/bin:$PATH && exec "$@"`, 'sh']
  return new LocalHost('new', ['unshare', '--mount', '--propagation', 'private', ...inside])
}

const names = { from: 'old', to: 'new', object: 'target' }
const told = (problems: ReturnType<typeof surroundingProblems>) =>
  problems.map((one) => [one.code, say('en', one), say('zh', one)] as const)

const bare: HostSurroundings = {
  authorities: new Map(),
  limits: new Map(),
  renewals: [],
  renews: false,
  zonedCrontabs: [],
  places: new Map(),
}

const certificate = (body: string) =>
  `-----BEGIN CERTIFICATE-----\n${body}\n${body}\n-----END CERTIFICATE-----\n`

describe('what programs find on a host', () => {
  it('is its clock, the authorities somebody added, limits of requests, and renewals with what starts them', async () => {
    write('anchors/office.crt', certificate('MIIB') + certificate('MIIC'))
    write('nginx/nginx.conf', 'http {\n  client_max_body_size 20m;\n}\n')
    write('nginx/conf.d/desk.conf', '  client_max_body_size  50m;\n# client_max_body_size 90m;\n')
    write('php/8.2/fpm/php.ini', 'post_max_size = 64M\n;upload_max_filesize = 99M\nmemory_limit = -1\n')
    write('letsencrypt/renewal/desk.gov.cn.conf', 'version = 2.1\n')
    write('cron.d/reports', 'CRON_TZ=Asia/Shanghai\n0 6 * * * root /srv/desk/report\n')
    tool('rpm', '[ "$*" = "-q cronie" ]')
    tool('systemctl', '[ "$1 $2" = "is-enabled certbot.timer" ] && echo enabled')

    const found = await surroundingsOf(host(), [])

    expect([...found.authorities.values()]).toEqual(['office.crt', 'office.crt'])
    expect(Object.fromEntries(found.limits)).toEqual({
      'nginx client_max_body_size': 50 * 1024 ** 2,
      'php post_max_size': 64 * 1024 ** 2,
      'php upload_max_filesize': 2 * 1024 ** 2,
      'php memory_limit': Infinity,
      'php max_input_vars': 1000,
    })
    expect([found.renewals, found.renews]).toEqual([['desk.gov.cn'], true])
    expect(found.clockAheadMs?.atMost).toBeLessThan(60_000)
    expect(found.losesSharedMemory).toBeUndefined()
    expect([found.zonedCrontabs, found.cronKnowsZones]).toEqual([['/etc/cron.d/reports'], true])
  })

  it('is, of its folders, what empties them, mounts that pass, and labels of SELinux', async () => {
    write(
      'tmpfiles.d/own.conf',
      'd /srv/desk/cache 0755 root root 10d\nd /srv/other - - - 10d\nd /srv/kept - - - 5d\nx /srv/kept/files\n',
    )
    tool('findmnt', 'case "$*" in *--fstab*) exit 1 ;; *) echo /srv ;; esac')
    tool('systemctl', 'exit 1')
    tool('getenforce', 'echo Enforcing')
    tool('stat', 'echo unconfined_u:object_r:default_t:s0')

    const { places } = await surroundingsOf(host(), ['/srv/desk/cache/files', '/srv/kept/files', '/srv/desk'])

    expect(places.get('/srv/desk/cache/files')).toEqual({
      cleanedBy: 'd /srv/desk/cache 0755 root root 10d',
      passingMount: '/srv',
      label: 'default_t',
      enforced: true,
    })
    expect(places.get('/srv/kept/files')?.cleanedBy).toBeUndefined()
    expect(places.get('/srv/desk')?.cleanedBy).toBeUndefined()
  })

  it('is nothing of mounts in fstab, of units, and of a host without any of it', async () => {
    tool('findmnt', 'case "$*" in *--fstab*) exit 0 ;; *) echo /srv ;; esac')
    const { places, ...found } = await surroundingsOf(host(), ['/srv/desk'])
    expect(places.get('/srv/desk')).toEqual({ enforced: false })
    expect([found.renewals, [...found.limits]]).toEqual([[], []])
  })
})

describe('what an application would not find on its new host', () => {
  it('is told by the rule of each, in both languages', () => {
    const clock = (ms: number) => ({ clockAheadMs: { atLeast: ms - 50, atMost: ms + 50 } })
    const old = {
      ...bare,
      ...clock(0),
      authorities: new Map([['a', 'office.crt']]),
      limits: new Map([
        ['nginx client_max_body_size', Infinity],
        ['php post_max_size', 64 * 1024 ** 2],
      ]),
      renewals: ['desk.gov.cn'],
      zonedCrontabs: ['/etc/cron.d/reports'],
    }
    const other = {
      ...bare,
      ...clock(90_000),
      limits: new Map([
        ['nginx client_max_body_size', 1024 ** 2],
        ['php post_max_size', 64 * 1024 ** 2],
      ]),
      losesSharedMemory: 'app',
      cronKnowsZones: false,
    }
    const found = told(surroundingProblems(names, old, other))
    expect(found.map(([code]) => code)).toEqual([
      'host-clock-differs',
      'host-lacks-authorities',
      'host-takes-less',
      'host-renews-not',
      'host-cron-ignores-zone',
      'host-removes-shared-memory',
    ])
    const all = found.map(([, en]) => en).join('\n')
    for (const part of [
      '90 seconds',
      '"office.crt"',
      'nginx client_max_body_size 1M (∞)',
      '"desk.gov.cn"',
      '"app"',
    ])
      expect(all).toContain(part)
    for (const [code, en, zh] of found) {
      expect([code, /undefined|[{}]/.test(`${en}${zh}`)]).toEqual([code, false])
      expect(zh).toMatch(/\p{Script=Han}/u)
    }
    expect(surroundingProblems(names, old, { ...old, ...clock(1_000) })).toHaveLength(1)
    expect(told(surroundingProblems(names, old, { ...old, ...clock(1_000) }))[0]?.[0]).toBe(
      'host-starts-no-renewal',
    )
    expect(surroundingProblems(names, old, { ...old, renews: true })).toEqual([])
  })

  it('is a folder that will not stay, or that SELinux gives another type than before', () => {
    const there = { cleanedBy: 'D /tmp', passingMount: '/srv', label: 'default_t', enforced: true }
    const codes = (
      ...places: Parameters<typeof placeProblems> extends [unknown, unknown, ...infer P] ? P : never
    ) => placeProblems(names, '/srv/desk', ...places).map(({ code }) => code)
    const every = ['host-cleans-folder', 'host-mount-passes', 'host-label-differs']
    expect(codes({ label: 'httpd_sys_rw_content_t', enforced: false }, there)).toEqual(every)
    expect(codes({ enforced: false }, there)).toEqual(every)
    expect(codes({ enforced: false }, { label: 'httpd_sys_content_t', enforced: true })).toEqual([])
    expect(codes(there, { label: 'default_t', enforced: true })).toEqual([])
    expect(
      codes({ label: 'httpd_sys_content_t', enforced: true }, { label: 'default_t', enforced: false }),
    ).toEqual([])
    expect(codes(undefined, undefined)).toEqual([])
  })
})
