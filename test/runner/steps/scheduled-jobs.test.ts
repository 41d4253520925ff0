import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
let app: string

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
  app = join(fixture.scratch, 'srv/permit-desk')
  tool('crontab', `case $1 in -l) cat ${at('tab')} ;; -) cat >${at('tab')} ;; *) exit 9 ;; esac`)
  tool('systemctl', systemctl())
  tool('atq', 'true')
  writeFileSync(join(sshd.directory, '.bashrc'), `PATH=${at('bin')}:$PATH\n`)
})
afterEach(async () => {
  rmSync(join(sshd.directory, '.bashrc'), { force: true })
  rmSync(join(sshd.directory, '.qianyun'), { recursive: true, force: true })
  await fixture.close()
})

const at = (name: string) => join(fixture.scratch, name)
const tab = () => readFileSync(at('tab'), 'utf8')

function tool(name: string, script: string): void {
  mkdirSync(at('bin'), { recursive: true })
  writeFileSync(join(at('bin'), name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(at('bin'), name), 0o755)
}

/** Two timers, one of them the system's; what is enabled is a file. */
const systemctl = () => `case $1 in
list-unit-files) echo 'desk-report.timer enabled'; echo 'logrotate.timer enabled' ;;
show) echo Unit=\${4%.timer}.service ;;
cat) case $2 in desk*) echo ExecStart=${app}/bin/report ;; *) echo ExecStart=/usr/sbin/logrotate ;; esac ;;
is-active|is-enabled) shift $(($# - 1)); [ -e ${at('enabled-')}$1 ] ;;
enable) touch ${at('enabled-')}$3 ;;
disable) rm -f ${at('enabled-')}$3 ;;
*) exit 9 ;;
esac`

let runs = 0

async function jobs(state: string, more = '') {
  const name = `jobs-${String(runs++)}`
  fixture.write(
    name,
    `steps: [{ id: a, kind: scheduled-jobs, host: target, with: { mentions: ['${app}'], state: ${state}${more} } }]`,
  )
  const request = fixture.request(name)
  const { done, failure } = await fixture.runner.runSteps(request, ['a'])
  return { result: done[0]?.result, failure, request }
}

const others = '# our table\nMAILTO=root\n0 4 * * * /usr/local/bin/backup --all\n'

describe('lines of a crontab', () => {
  it('go off and on again as they were, and others stay', async () => {
    const whole = `${others}*/5 * * * * ${app}/bin/daily-summary 'a  b' % x\n@daily cd ${app} && ./clean\n`
    writeFileSync(at('tab'), whole)
    expect((await jobs('off')).result).toMatchObject({ changed: true })
    expect(tab()).toBe(
      `${others}#qianyun-off# */5 * * * * ${app}/bin/daily-summary 'a  b' % x\n#qianyun-off# @daily cd ${app} && ./clean\n`,
    )
    expect((await jobs('off')).result).toMatchObject({ changed: false })
    expect((await jobs('on')).result).toMatchObject({ changed: true })
    expect(tab()).toBe(whole)
  })

  it('that run as they are switched off are waited for, and told where they do not end', async () => {
    // What cron has begun: its process is called like it, whatever it is.
    tool('slow', 'sleep 300')
    copyFileSync(realpathSync('/bin/sh'), at('cron'))
    writeFileSync(at('tab'), `* * * * * ${at('bin/slow')} ${app}\n`)
    const daemon = spawn(at('cron'), ['-c', `${at('bin/slow')} ${app}; true`], {
      stdio: 'ignore',
      detached: true,
    })
    try {
      const { result } = await jobs('off', ', runsEndWithinMs: 1000')
      expect(result).toMatchObject({
        changed: true,
        stillRunning: [expect.stringContaining(`${at('bin/slow')} ${app}`)],
      })
    } finally {
      process.kill(-(daemon.pid ?? 0))
    }
    expect((await jobs('off')).result).not.toHaveProperty('stillRunning')
  }, 120_000)

  it('belong to the system also by the script they run', async () => {
    writeFileSync(at('nightly.sh'), `#!/bin/sh\ncd ${app} && ./nightly\n`)
    writeFileSync(at('tab'), `30 2 * * * ${at('nightly.sh')} >/dev/null\n${others}`)
    await jobs('off')
    expect(tab()).toBe(`#qianyun-off# 30 2 * * * ${at('nightly.sh')} >/dev/null\n${others}`)
  })

  it('that may run on both sides are left', async () => {
    writeFileSync(at('tab'), `0 1 * * * tar -cf /backup/desk.tar ${app}\n*/5 * * * * ${app}/bin/send\n`)
    await jobs('off', ", leave: ['/backup/']")
    expect(tab()).toBe(
      `0 1 * * * tar -cf /backup/desk.tar ${app}\n#qianyun-off# */5 * * * * ${app}/bin/send\n`,
    )
  })

  it('are defined once, whatever they mention, and never among those that are left as they are', async () => {
    const define = `, define: [{ schedule: '@daily', command: '/usr/local/bin/tidy-up 日志' }]`
    expect((await jobs('on', define)).result).toMatchObject({ changed: true })
    expect((await jobs('on', define)).result).toMatchObject({ changed: false })
    expect((await jobs('off', define)).result).toMatchObject({ changed: true })
    expect(tab().match(/tidy-up/g)).toHaveLength(1)
    await expect(jobs('on', `${define}, leave: [tidy-up]`)).rejects.toThrow('has a job that "leave" says')
  })

  it('are defined off, defined once, and taken out by undo', async () => {
    const define = `, define: [{ schedule: '*/5 * * * *', command: '${app}/bin/send --to 张三' }]`
    const { request } = await jobs('off', define)
    expect(tab()).toBe(`#qianyun-off# */5 * * * * ${app}/bin/send --to 张三\n`)
    expect((await jobs('off', define)).result).toMatchObject({ changed: false })
    await jobs('on')
    expect(tab()).toBe(`*/5 * * * * ${app}/bin/send --to 张三\n`)
    await fixture.runner.undo(request, ['a'])
    expect(tab()).toBe('')
  })

  it('are put back by undo as they were', async () => {
    const whole = `#qianyun-off# 1 1 * * * ${app}/old\n*/5 * * * * ${app}/bin/send\n`
    writeFileSync(at('tab'), whole)
    const { request } = await jobs('off')
    await fixture.runner.undo(request, ['a'])
    expect(tab()).toBe(whole)
  })
})

describe('timers', () => {
  it('go off and on; one that was off for another reason stays off', async () => {
    writeFileSync(at('enabled-desk-report.timer'), '')
    writeFileSync(at('enabled-logrotate.timer'), '')
    await jobs('off')
    expect([existsSync(at('enabled-desk-report.timer')), existsSync(at('enabled-logrotate.timer'))]).toEqual([
      false,
      true,
    ])
    await jobs('on')
    expect(existsSync(at('enabled-desk-report.timer'))).toBe(true)
    rmSync(at('enabled-desk-report.timer'))
    expect((await jobs('on')).result).toMatchObject({ changed: false })
    expect(existsSync(at('enabled-desk-report.timer'))).toBe(false)
  })
})

describe('a persistent timer', () => {
  const stamp = '/var/lib/systemd/timers/stamp-desk-report.timer'
  afterEach(() => {
    rmSync(stamp, { force: true })
  })

  /** As systemd does it: a timer whose last time is long ago fires as it starts. */
  const firing = () => `case $1 in
show) case "$*" in *Persistent*) echo Persistent=yes ;; *) echo Unit=desk-report.service ;; esac ;;
enable) [ -n "$(find ${stamp} -mmin -60 2>/dev/null)" ] || echo fired >>${at('fired')} ; touch ${at('enabled-')}$3 ;;
*) exec ${at('bin')}/usual-systemctl "$@" ;;
esac`

  it.each(['was off for a month', 'has never fired here'])(
    'that %s does not fire as it goes on',
    async (how) => {
      tool('usual-systemctl', systemctl())
      tool('systemctl', firing())
      mkdirSync('/var/lib/systemd/timers', { recursive: true })
      if (how.includes('month')) {
        const monthAgo = Date.now() / 1_000 - 30 * 86_400
        writeFileSync(stamp, '')
        utimesSync(stamp, monthAgo, monthAgo)
      }
      writeFileSync(at('enabled-desk-report.timer'), '')
      const { request } = await jobs('off')
      await jobs('on')
      expect(existsSync(at('enabled-desk-report.timer'))).toBe(true)
      expect(existsSync(at('fired'))).toBe(false)
      await fixture.runner.undo(request, ['a'])
      expect(existsSync(at('fired'))).toBe(false)
    },
  )
})

describe('jobs that cannot be switched', () => {
  it.each(['off', 'switchable'])('fail "%s" by their names, and nothing is changed', async (state) => {
    writeFileSync(at('tab'), `*/5 * * * * ${app}/bin/send\n`)
    tool('atq', "echo '7 Thu Nov 26 23:00:00 2026 a root'")
    tool('at', `echo 'cd ${app}; ./once'`)
    const { failure } = await jobs(state)
    expect(failure).toMatchObject({ code: 'jobs-not-switchable' })
    expect(failure?.message).toContain(
      'on "cloud" cannot be switched off, so they would run on both sides: "at job 7 (at)"',
    )
    expect(tab()).toBe(`*/5 * * * * ${app}/bin/send\n`)
  })

  it('are told of a user with the rights of that user: a link or a pipe in a home is followed no further', async () => {
    const units = join(sshd.directory, '.config/systemd/user')
    mkdirSync(join(units, 'timers.target.wants'), { recursive: true })
    const kept = at('only-for-root.service')
    writeFileSync(kept, '[Service]\nEnvironment=LEAKED_OF_ROOT\n')
    chmodSync(kept, 0o000)
    for (const name of ['linked', 'piped']) {
      writeFileSync(join(units, `${name}.timer`), `[Timer]\nOnCalendar=hourly\nWorkingDirectory=${app}\n`)
      symlinkSync(join(units, `${name}.timer`), join(units, `timers.target.wants/${name}.timer`))
    }
    symlinkSync(kept, join(units, 'linked.service'))
    execFileSync('mkfifo', [join(units, 'piped.service')])
    // Whose home it is, where the look is root's.
    chmodSync(sshd.directory, 0o711)
    if (process.getuid?.() === 0) chownSync(units, 65_534, 65_534)
    const { failure } = await jobs('switchable')
    rmSync(join(sshd.directory, '.config'), { recursive: true })
    rmSync(kept)
    expect(failure?.message).toContain(`${units}/linked.timer (hourly ${app})`)
    expect(failure?.message).toContain(`${units}/piped.timer (hourly ${app})`)
    expect(failure?.message).not.toContain('LEAKED')
  })

  it('fail by the timers that a user’s own systemd starts, enabled ones alone', async () => {
    const units = join(sshd.directory, '.config/systemd/user')
    mkdirSync(join(units, 'timers.target.wants'), { recursive: true })
    for (const name of ['desk-mail', 'desk-idle', 'backup']) {
      writeFileSync(join(units, `${name}.timer`), '[Timer]\nOnCalendar=hourly\n')
      writeFileSync(
        join(units, `${name}.service`),
        `[Service]\nExecStart=${name === 'backup' ? '/usr/bin/true' : `${app}/bin/${name}`}\n`,
      )
    }
    for (const name of ['desk-mail', 'backup'])
      symlinkSync(join(units, `${name}.timer`), join(units, `timers.target.wants/${name}.timer`))
    const { failure } = await jobs('switchable')
    rmSync(join(sshd.directory, '.config'), { recursive: true })
    expect(failure).toMatchObject({ code: 'jobs-not-switchable' })
    expect(failure?.message).toContain(
      `cannot be switched off, so they would run on both sides: "${units}/desk-mail.timer (hourly ${app}/bin/desk-mail) (user timer)"`,
    )
    expect(failure?.message).not.toMatch(/desk-idle|backup\.timer/)
  })

  it('hold nothing up on the side that serves', async () => {
    tool('atq', "echo '7 Thu Nov 26 23:00:00 2026 a root'")
    tool('at', `echo 'cd ${app}; ./once'`)
    writeFileSync(at('tab'), `#qianyun-off# */5 * * * * ${app}/bin/send\n`)
    expect((await jobs('on')).failure).toBeUndefined()
    expect(tab()).toBe(`*/5 * * * * ${app}/bin/send\n`)
  })
})

it('jobs that can be switched are named, and nothing is changed by a look', async () => {
  writeFileSync(at('tab'), `*/5 * * * * ${app}/bin/send --password=canary4711\n`)
  const { result } = await jobs('switchable')
  expect(result).toMatchObject({ changed: false, jobs: [expect.stringContaining(`${app}/bin/send`)] })
  expect(JSON.stringify(result)).not.toContain('canary4711')
})
