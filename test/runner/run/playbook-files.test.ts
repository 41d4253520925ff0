import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { PlaybookChangedError } from '../../../domain/playbook/files.ts'
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

const scratch = (name: string) => join(fixture.scratch, name)
const read = (name: string) => readFileSync(scratch(name), 'utf8')

describe('files beside the playbook', () => {
  const inFolder = (path: string) => join(fixture.directory, 'playbooks', 'desk', path)
  const fromTemplate = () =>
    `{ id: conf, kind: file, host: target, with: { path: '${scratch('desk.conf')}', template: desk.conf } }`
  const frozen = () => {
    fixture.write('desk', `steps: [${fromTemplate()}]`, { 'desk.conf': 'OWNER=\${system}\n' })
    return fixture.request('desk')
  }

  it('are what a step brings to a host, filled in', async () => {
    const { failure } = await fixture.runner.runSteps(frozen(), ['conf'])
    expect(failure).toBeUndefined()
    expect(read('desk.conf')).toBe('OWNER=permit-desk\n')
  })

  it.each<[string, () => void, RegExp]>([
    [
      'was changed',
      () => {
        writeFileSync(inFolder('desk.conf'), 'OWNER=somebody else\n')
      },
      /"desk.conf" has the SHA-256 "[0-9a-f]{64}", expected "[0-9a-f]{64}"; its digest is "[0-9a-f]{64}", expected "[0-9a-f]{64}"\. Put the frozen files back/,
    ],
    [
      'was added',
      () => {
        writeFileSync(inFolder('extra.conf'), '')
      },
      /"extra.conf" is there, expected no such file/,
    ],
    [
      'was removed',
      () => {
        rmSync(inFolder('desk.conf'))
      },
      /"desk.conf" is missing, expected with SHA-256/,
    ],
    [
      'became a link to the very same text',
      () => {
        writeFileSync(scratch('same.conf'), 'OWNER=\${system}\n')
        rmSync(inFolder('desk.conf'))
        symlinkSync(scratch('same.conf'), inFolder('desk.conf'))
      },
      /"desk.conf" is a symbolic link, expected a plain file; its digest/,
    ],
  ])('are refused when one of them %s since, with nothing done', async (_name, change, sentence) => {
    const request = frozen()
    change()
    const { runner } = fixture
    for (const ask of [
      () => runner.runSteps(request, ['conf']),
      () => runner.plan(request),
      () => runner.describe(request),
      () => runner.undo(request, ['conf']),
    ]) {
      const refused = ask()
      await expect(refused).rejects.toThrow(PlaybookChangedError)
      await expect(refused).rejects.toThrow(sentence)
    }
    expect(existsSync(scratch('desk.conf'))).toBe(false)
  })

  it('that change while steps run are used as they were when the run began', async () => {
    const change = `{ id: change, kind: command, host: target, with: { script: 'echo OWNER=thief >${inFolder('desk.conf')}' } }`
    fixture.write('desk', `steps: [${change}, ${fromTemplate()}]`, { 'desk.conf': 'OWNER=us\n' })
    const request = fixture.request('desk')
    const { failure } = await fixture.runner.runSteps(request, ['change', 'conf'])
    expect(failure).toBeUndefined()
    expect(readFileSync(inFolder('desk.conf'), 'utf8')).toBe('OWNER=thief\n')
    expect(read('desk.conf')).toBe('OWNER=us\n')
    await expect(fixture.runner.undo(request, ['conf'])).rejects.toThrow(PlaybookChangedError)
  })

  it('are named by a step only when they are there', async () => {
    const step = `{ id: conf, kind: file, host: target, with: { path: '${scratch('out')}', template: '\${inputs.which}.conf' } }`
    fixture.write('desk', `inputs: { which: { type: string } }\nsteps: [${step}]`, { 'a.conf': 'a\n' })
    const run = async (which: string) =>
      fixture.runner.runSteps(fixture.request('desk', { runId: which, inputs: { which } }), ['conf'])
    const { failure } = await run('b')
    expect(failure?.code).toBe('unknown-playbook-file')
    expect(failure?.message).toContain('no file "b.conf", expected one of "a.conf", "playbook.yaml"')
    expect((await run('a')).failure).toBeUndefined()
    expect(read('out')).toBe('a\n')
  })
})
