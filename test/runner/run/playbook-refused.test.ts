import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { hostOf } from '../../../domain/plan/places.ts'
import { UnknownPlaybookError } from '../../../config/playbooks.ts'
import { InvalidInputError } from '../../../domain/errors.ts'
import { say } from '../../../domain/words/said.ts'
import { PlaybookChangedError } from '../../../domain/playbook/files.ts'
import { InvalidPlaybookError } from '../../../runner/language/errors.ts'
import { UnknownStepError } from '../../../runner/run/errors.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, freePort, startSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let fixture: PlaybookFixture

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd.close()
})
beforeEach(() => {
  fixture = playbookFixture({ sshd, secrets: { 'app-password': 'canary-8415', other: 'canary"9999' } })
})
afterEach(async () => {
  await fixture.close()
})

const scratch = (name: string) => join(fixture.scratch, name)

describe('a run is refused', () => {
  const step = "steps: [{ id: a, kind: command, host: target, with: { argv: ['true'] } }]"

  it('when there is no such playbook', async () => {
    await expect(fixture.runner.runSteps(fixture.request('../../etc'), ['a'])).rejects.toThrow(
      UnknownPlaybookError,
    )
  })

  it('when the file is no longer the text the plan froze', async () => {
    fixture.write('frozen', step)
    const request = fixture.request('frozen')
    fixture.write('frozen', `${step} # touched`)
    await expect(fixture.runner.runSteps(request, ['a'])).rejects.toThrow(PlaybookChangedError)
  })

  it('when the playbook has problems, or is called otherwise than its folder', async () => {
    fixture.write('broken', 'steps: [{ id: a, kind: nonsense }]')
    await expect(fixture.runner.runSteps(fixture.request('broken'), ['a'])).rejects.toThrow(
      InvalidPlaybookError,
    )
    fixture.write('renamed', `playbook: another\ntitle: { zh: x, en: x }\n${step}`)
    await expect(fixture.runner.describe(fixture.request('renamed'))).rejects.toThrow('expected "renamed"')
  })

  it('when inputs are missing, wrong or unknown, all of them named', async () => {
    fixture.write(
      'inputs',
      `inputs: { size: { type: number }, there: { type: host }, folder: { type: path }, page: { type: url } }\n${step}`,
    )
    const request = fixture.request('inputs', { inputs: { size: 'big', folder: 'relative', extra: 1 } })
    const refused = fixture.runner.runSteps(request, ['a'])
    await expect(refused).rejects.toThrow(InvalidInputError)
    await expect(refused).rejects.toMatchObject({
      problems: [
        { path: 'size', message: 'must be a number, found "big"' },
        { path: 'there', message: 'is missing, expected a host' },
        { path: 'folder', message: 'must be an absolute path, found "relative"' },
        { path: 'page', message: 'is missing, expected a URL' },
        { path: 'extra', message: 'is not an input of this playbook' },
      ],
    })
    const { told } = (await refused.catch((error: unknown) => error)) as InvalidInputError
    expect(say('zh', told!)).toBe(
      '剧本“inputs”的输入项无效：“size” 应为数字，实为“big”；“there” 缺失，应为主机；“folder” 应为绝对路径，实为“relative”；“page” 缺失，应为网址；“extra” 不是该剧本的输入项。请改正后重发。',
    )
  })

  it('when a step is not in the playbook', async () => {
    fixture.write('known', step)
    await expect(fixture.runner.runSteps(fixture.request('known'), ['a', 'b'])).rejects.toThrow(
      UnknownStepError,
    )
  })
})

describe('a step fails with nothing done', () => {
  const touch = () =>
    `steps: [{ id: a, kind: command, host: target, with: { argv: [touch, '${scratch('touched')}'] } }]`

  it.each([
    ['the host shows another key', 'wrong-host-key', { hostKeys: { target: `SHA256:${'A'.repeat(43)}` } }],
    ['a secret is not declared', 'undeclared-secret', {}],
  ])('when %s', async (_name, code, over) => {
    fixture.write(
      'refused',
      code === 'undeclared-secret'
        ? `inputs: { which: { type: string, default: other } }
steps: [{ id: a, kind: file, host: target, with: { path: '${scratch('touched')}', secret: '\${inputs.which}' } }]`
        : touch(),
    )
    const { failure } = await fixture.runner.runSteps(fixture.request('refused', over), ['a'])
    expect(failure?.code).toBe(code)
    expect(existsSync(scratch('touched'))).toBe(false)
  })

  it('when no host key is pinned, the host is unreachable, or refuses the login', async () => {
    fixture.write('hosts', touch())
    const request = fixture.request('hosts')
    const { name: _name, ...target } = hostOf(request.plan, 'target')
    const { hostKey: _hostKey, ...unpinned } = target
    const plans = [
      [unpinned, 'host-key-not-pinned'],
      [{ ...target, port: await freePort() }, 'host-unreachable'],
      [{ ...target, user: 'nobody' }, 'login-refused'],
    ] as const
    for (const [host, code] of plans) {
      const plan = { ...request.plan, hosts: { ...request.plan.hosts, target: host } }
      const { failure } = await fixture.runner.runSteps({ ...request, plan }, ['a'])
      expect(failure?.code).toBe(code)
    }
    expect(existsSync(scratch('touched'))).toBe(false)
  })
})
