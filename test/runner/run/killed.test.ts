import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd })
})
afterEach(async () => {
  await fixture.close()
})

const repository = join(__dirname, '../../..')
const scratch = (name: string) => join(fixture.scratch, name)

/** Runs the steps in a process of its own and kills it with SIGKILL once `sign` is there. */
async function killWhen(sign: string, name: string, steps: readonly string[]): Promise<void> {
  const { privateKey, address, port, user, hostKey } = sshd
  const text = readFileSync(join(fixture.directory, 'playbooks', name, 'playbook.yaml'), 'utf8')
  const settings = { sshd: { privateKey, address, port, user, hostKey }, directory: fixture.directory, text }
  writeFileSync(join(fixture.directory, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(repository, 'test/support/run-playbook.ts'),
      join(fixture.directory, 'settings.json'),
      name,
      ...steps,
    ],
    { cwd: repository, stdio: 'inherit' },
  )
  for (let round = 0; round < 1_000 && !existsSync(sign) && child.exitCode === null; round += 1)
    await sleep(20)
  expect(existsSync(sign)).toBe(true)
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

describe('a run whose process was killed', () => {
  it('goes on at the step: what was done is not done again, what can be looked at is', async () => {
    const slow = `echo b >>${scratch('log')}; touch ${scratch('b-began')}; if [ ! -e ${scratch('b-waited')} ]; then touch ${scratch('b-waited')}; sleep 3; fi; touch ${scratch('b-done')}`
    fixture.write(
      'killed',
      `steps:
  - { id: a, kind: command, host: target, with: { script: 'echo a >>${scratch('log')}' } }
  - { id: b, kind: command, host: target, with: { script: '${slow}', creates: '${scratch('b-done')}' } }
  - { id: c, kind: command, host: target, with: { script: 'echo c >>${scratch('log')}' } }
`,
    )
    await killWhen(scratch('b-began'), 'killed', ['a', 'b', 'c'])
    const outcome = await fixture.runner.runSteps(fixture.request('killed'), ['a', 'b', 'c'])
    expect(outcome.failure).toBeUndefined()
    expect(outcome.done.map(({ step }) => step)).toEqual(['a', 'b', 'c'])
    expect(readFileSync(scratch('log'), 'utf8')).toBe('a\nb\nb\nc\n')
  })

  it('leaves to a person a step nothing can look at, and runs it again when told to', async () => {
    const slow = `echo b >>${scratch('log')}; touch ${scratch('b-began')}; if [ ! -e ${scratch('b-waited')} ]; then touch ${scratch('b-waited')}; sleep 3; fi`
    fixture.write('asks', `steps: [{ id: b, kind: command, host: target, with: { script: '${slow}' } }]`)
    await killWhen(scratch('b-began'), 'asks', ['b'])
    const request = fixture.request('asks')
    const { failure } = await fixture.runner.runSteps(request, ['b'])
    expect(failure).toMatchObject({ step: 'b', code: 'step-interrupted', interrupted: true })
    expect((await fixture.runner.runSteps(request, ['b'])).failure).toEqual(failure)
    expect(readFileSync(scratch('log'), 'utf8')).toBe('b\n')
    const { done } = await fixture.runner.runSteps({ ...request, confirmed: ['b'] }, ['b'])
    expect(done).toHaveLength(1)
    expect(readFileSync(scratch('log'), 'utf8')).toBe('b\nb\n')
  })
})

/** A command that says that it began, and goes on without its connection until the folder of the test is removed. */
const goesOn = (began: string) => `touch ${began}; while [ -e ${began} ]; do sleep 0.1; done`

describe('a step whose connection broke', () => {
  it('is left to a person when nothing can tell whether it ran', async () => {
    fixture.write(
      'cut',
      `steps: [{ id: a, kind: command, host: target, with: { script: '${goesOn(scratch('began'))}' } }]`,
    )
    const running = fixture.runner.runSteps(fixture.request('cut'), ['a'])
    for (let round = 0; round < 400 && !existsSync(scratch('began')); round += 1) await sleep(20)
    sshd.dropConnections()
    expect((await running).failure).toMatchObject({ code: 'step-interrupted', interrupted: true })
  })

  it('is looked at and tried again when it can be told', async () => {
    const script = `if [ -e ${scratch('began')} ]; then exit 0; fi; ${goesOn(scratch('began'))}`
    fixture.write(
      'cut-again',
      `steps: [{ id: a, kind: command, host: target, retry: { attempts: 2, delay: 10ms }, with: { script: '${script}', unless: 'false' } }]`,
    )
    const running = fixture.runner.runSteps(fixture.request('cut-again'), ['a'])
    for (let round = 0; round < 400 && !existsSync(scratch('began')); round += 1) await sleep(20)
    sshd.dropConnections()
    expect((await running).failure).toBeUndefined()
  })
})
