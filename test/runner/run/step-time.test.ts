import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals'

import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture

beforeAll(async () => {
  sshd = await startSshd()
  fixture = playbookFixture({ sshd })
})
afterEach(() => {
  jest.useRealTimers()
})
afterAll(async () => {
  await fixture.close()
  await sshd.close()
})

it('a command may run as long as its step may, however long that is', async () => {
  const [began, finish] = [join(fixture.scratch, 'began'), join(fixture.scratch, 'finish')]
  const script = `touch ${began}; until [ -e ${finish} ]; do sleep 0.05; done; echo fine`
  fixture.write(
    'long',
    `steps: [{ id: a, kind: command, host: target, timeout: 20m, with: { script: '${script}' } }]`,
  )
  jest.useFakeTimers({
    doNotFake: ['setImmediate', 'nextTick', 'setInterval', 'queueMicrotask', 'performance'],
  })
  const running = fixture.runner.runSteps(fixture.request('long'), ['a'])
  while (!existsSync(began)) await turn()
  jest.advanceTimersByTime(19 * 60_000)
  writeFileSync(finish, '')
  const outcome = await running
  expect(outcome.failure).toBeUndefined()
  expect(outcome.done[0]?.result).toMatchObject({ stdout: 'fine' })
}, 30_000)
