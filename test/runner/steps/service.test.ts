import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'

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
  const base = fixture.request('serve')
  const target = { ...base.plan.hosts.target, serviceDir }
  const request = (runId: string) => ({
    ...base,
    runId,
    plan: { ...base.plan, hosts: { ...base.plan.hosts, target } },
  })
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
