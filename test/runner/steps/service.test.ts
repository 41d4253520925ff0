import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

import { hostOf } from '../../../domain/plan/places.ts'
import type { RunRequest } from '../../../domain/plan/run-request.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestRunit, startRunit } from '../../support/runit.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture
let serviceDir: string
let runit: TestRunit

beforeAll(async () => {
  sshd = await startSshd()
  fixture = playbookFixture({ sshd })
  serviceDir = mkdtempSync(join(tmpdir(), 'qianyun-service-'))
  runit = startRunit(serviceDir)
})
afterAll(async () => {
  await runit.close()
  await fixture.close()
  await sshd.close()
  rmSync(serviceDir, { recursive: true })
})

/** A run whose target has runit in `serviceDir`. */
function requestOf(playbook: string, runId: string): RunRequest {
  const base = fixture.request(playbook)
  const target = { ...hostOf(base.plan, 'target'), serviceDir }
  return { ...base, runId, plan: { ...base.plan, hosts: { ...base.plan.hosts, target } } }
}

it('a runit service is defined, started, restarted when what it reads changes, and removed by undo', async () => {
  const name = `desk-${process.pid}`
  const configuration = join(fixture.scratch, 'desk.conf')
  const log = join(fixture.scratch, 'log')
  mkdirSync(fixture.scratch, { recursive: true })
  writeFileSync(configuration, 'one\n')
  fixture.write(
    'serve',
    `steps:
  - id: a
    kind: service
    host: target
    with:
      name: ${name}
      definition: { command: [sh, -c, 'cat "$CONF" >>"$LOG"; exec sleep 1000'], environment: { CONF: '${configuration}', LOG: '${log}' } }
      enabled: true
      state: running
      watches: ['${configuration}']
`,
  )
  const request = (runId: string) => requestOf('serve', runId)
  const logged = async (text: string) => {
    for (let round = 0; round < 200 && (!existsSync(log) || readFileSync(log, 'utf8') !== text); round += 1)
      await sleep(50)
    expect(readFileSync(log, 'utf8')).toBe(text)
  }

  const first = await fixture.runner.runSteps(request('first'), ['a'])
  expect(first.failure).toBeUndefined()
  await logged('one\n')

  expect((await fixture.runner.runSteps(request('second'), ['a'])).done[0]?.result).toEqual({
    changed: false,
  })

  writeFileSync(configuration, 'two\n')
  await fixture.runner.runSteps(request('third'), ['a'])
  await logged('one\ntwo\n')

  await fixture.runner.undo(request('first'), ['a'])
  expect(existsSync(join(serviceDir, name))).toBe(false)
})

it('a service that runs as it is to is not restarted, neither by a step that watches nothing nor by its undo', async () => {
  const name = `calm-${process.pid}`
  const starts = join(fixture.scratch, 'starts')
  const watched = join(fixture.scratch, 'calm.conf')
  writeFileSync(watched, 'one')
  const definition = `definition: { command: [sh, -c, 'echo start >>${starts}; exec sleep 1000'] }, state: running`
  fixture.write(
    'deploy',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, ${definition}, watches: ['${watched}'] } }]`,
  )
  fixture.write(
    'look',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, state: running } }]`,
  )
  expect((await fixture.runner.runSteps(requestOf('deploy', 'deploy'), ['a'])).failure).toBeUndefined()
  for (let round = 0; round < 200 && !existsSync(starts); round += 1) await sleep(50)

  const look = requestOf('look', 'look')
  expect((await fixture.runner.runSteps(look, ['a'])).done[0]?.result).toEqual({ changed: false })
  await fixture.runner.undo(look, ['a'])
  // A restart would have put its word before this one, since the same supervisor starts both.
  fixture.write(
    'again',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, state: restarted } }]`,
  )
  await fixture.runner.runSteps(requestOf('again', 'again'), ['a'])
  for (let round = 0; round < 200 && readFileSync(starts, 'utf8').length < 12; round += 1) await sleep(50)
  expect(readFileSync(starts, 'utf8')).toBe('start\nstart\n')
  await fixture.runner.undo(requestOf('deploy', 'deploy'), ['a'])
})

it('a service that is to be started later is known to its host, or the step says that it is not', async () => {
  const name = `later-${process.pid}`
  fixture.write(
    'startable',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, state: startable } }]`,
  )
  const missing = await fixture.runner.runSteps(requestOf('startable', 'missing'), ['a'])
  expect(missing.failure).toMatchObject({ code: 'service-unknown' })
  mkdirSync(join(serviceDir, `.${name}`))
  writeFileSync(join(serviceDir, `.${name}`, 'down'), '')
  writeFileSync(join(serviceDir, `.${name}`, 'run'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
  renameSync(join(serviceDir, `.${name}`), join(serviceDir, name))
  const there = await fixture.runner.runSteps(requestOf('startable', 'there'), ['a'])
  expect(there.done[0]?.result).toEqual({ changed: false })
})

it('undo puts back the very definition there was, of which the journal knows nothing', async () => {
  const name = `kept-${process.pid}`
  const script = `#!/bin/sh\nexport DB_PASSWORD=canary-8415\nexec sleep 1000\n`
  mkdirSync(join(serviceDir, `.${name}`))
  writeFileSync(join(serviceDir, `.${name}`, 'run'), script, { mode: 0o750 })
  renameSync(join(serviceDir, `.${name}`), join(serviceDir, name))
  fixture.write(
    'redefine',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, definition: { command: [sleep, '999'] }, state: running } }]`,
  )
  const request = requestOf('redefine', 'redefine')
  expect((await fixture.runner.runSteps(request, ['a'])).failure).toBeUndefined()
  expect(readFileSync(join(serviceDir, name, 'run'), 'utf8')).toContain('exec sleep 999')
  await fixture.runner.undo(request, ['a'])
  expect(readFileSync(join(serviceDir, name, 'run'), 'utf8')).toBe(script)
  expect(statSync(join(serviceDir, name, 'run')).mode & 0o777).toBe(0o750)
  expect(JSON.stringify(await fixture.journal.readRun('redefine'))).not.toContain('canary')
})

it('a runit service that ends at once, and is begun again and again, is not taken for one that was started', async () => {
  const name = `loop-${process.pid}`
  fixture.write(
    'loop',
    `steps: [{ id: a, kind: service, host: target, with: { name: ${name}, definition: { command: [sh, -c, 'sleep 0.2; exit 1'] }, state: running } }]`,
  )
  const { failure } = await fixture.runner.runSteps(requestOf('loop', 'loop'), ['a'])
  expect(failure).toMatchObject({ code: 'command-failed' })
  expect(failure?.message).toContain(`${name} was started and ended again at once`)
  await fixture.runner.undo(requestOf('loop', 'loop'), ['a'])
  expect(existsSync(join(serviceDir, name))).toBe(false)
}, 60_000)

it.each([
  ['stays', 'Type=simple', /^$/],
  ['ends by design', 'Type=oneshot', /^$/],
  ['begins again and again', 'Type=simple', /was started and ended again at once/],
])(
  'systemd reads a changed unit again before it starts one that %s',
  async (what, type, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'qianyun-units-'))
    const log = join(folder, 'log')
    const run = what === 'begins again and again' ? `date +%N` : `echo 4711`
    const active = what === 'ends by design' ? 'false' : 'true'
    writeFileSync(
      join(folder, 'systemctl'),
      `#!/bin/sh
case "$*" in
*NeedDaemonReload*) echo NeedDaemonReload=yes ;;
*'-p Type'*) echo ${type} ;;
*ExecMainStart*) echo ExecMainStartTimestampMonotonic=$(${run}) ;;
is-active*) [ -e ${folder}/started ] && ${active} ;;
start*) touch ${folder}/started; echo "$*" >>${log} ;;
daemon-reload) echo "$*" >>${log} ;;
*) false ;;
esac
`,
      { mode: 0o755 },
    )
    const bashrc = join(sshd.directory, '.bashrc')
    writeFileSync(bashrc, `PATH=${folder}:$PATH\n`)
    try {
      fixture.write(
        'unit',
        `steps: [{ id: a, kind: service, host: target, with: { name: desk, state: running } }]`,
      )
      const request = { ...fixture.request('unit'), runId: `unit-${what.replaceAll(' ', '-')}` }
      const { failure } = await fixture.runner.runSteps(request, ['a'])
      expect(readFileSync(log, 'utf8')).toBe('daemon-reload\nstart desk.service\n')
      expect(failure?.message ?? '').toMatch(problem)
    } finally {
      rmSync(bashrc)
      rmSync(folder, { recursive: true })
    }
  },
  60_000,
)
