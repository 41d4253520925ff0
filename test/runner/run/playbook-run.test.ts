import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'

import { said } from '../../../domain/words/said.ts'
import { UndoFailedError } from '../../../runner/run/errors.ts'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { isRunning } from '../../support/process.ts'
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
  fixture = playbookFixture({ sshd, secrets: { 'app-password': 'canary-8415', other: 'canary"9999' } })
})
afterEach(async () => {
  await fixture.close()
})

const scratch = (name: string) => join(fixture.scratch, name)
const read = (name: string) => readFileSync(scratch(name), 'utf8')

describe('a run', () => {
  it('does its steps in order and hands results on', async () => {
    fixture.write(
      'two',
      `inputs: { here: { type: host }, colour: { type: string } }
steps:
  - { id: look, kind: command, host: here, with: { argv: [printf, '%s', '\${inputs.colour} on \${hosts.here.name}'] } }
  - id: write
    kind: file
    host: here
    with: { path: '${scratch('out')}', content: '\${steps.look.result.stdout}!', mode: '0600' }
`,
    )
    const request = fixture.request('two', { hosts: { here: 'target' } })
    const progress: string[] = []
    const outcome = await fixture.runner.runSteps(request, ['look', 'write'], {
      onProgress: ({ step, status, at, of }) => progress.push(`${step} ${status} ${at}/${of}`),
    })
    expect(outcome.failure).toBeUndefined()
    expect(outcome.done.map(({ step }) => step)).toEqual(['look', 'write'])
    expect(read('out')).toBe('green on cloud!')
    expect(progress).toContain('look done 1/2')
    expect(progress.at(-1)).toBe('write done 2/2')
  })

  it('does not repeat what is done, and gives its results again', async () => {
    fixture.write(
      'once',
      `steps: [{ id: a, kind: command, host: target, with: { script: 'echo x >>${scratch('log')}; echo said' } }]`,
    )
    const request = fixture.request('once')
    const first = await fixture.runner.runSteps(request, ['a'])
    expect(await fixture.runner.runSteps(request, ['a'])).toEqual(first)
    expect(read('log')).toBe('x\n')
  })

  it('leaves steps out whose condition does not hold, or that a person skips with a reason', async () => {
    fixture.write(
      'out',
      `steps:
  - { id: a, kind: command, host: target, when: 'system == "other"', with: { argv: [touch, '${scratch('a')}'] } }
  - { id: b, kind: command, host: target, with: { argv: [touch, '${scratch('b')}'] } }
  - { id: c, kind: command, host: target, when: 'steps.a.status == "skipped"', with: { argv: [touch, '${scratch('c')}'] } }
`,
    )
    const request = fixture.request('out', { skip: [{ step: 'b', reason: 'done by hand' }] })
    const outcome = await fixture.runner.runSteps(request, ['a', 'b', 'c'])
    expect(outcome.done.map(({ step }) => step)).toEqual(['c'])
    expect([existsSync(scratch('a')), existsSync(scratch('b')), existsSync(scratch('c'))]).toEqual([
      false,
      false,
      true,
    ])
    expect(await fixture.journal.read(request.runId, 'b')).toMatchObject({
      status: 'skipped',
      error: 'done by hand',
    })
  })

  it('stops at a failing step, says why, and goes on there when run again', async () => {
    fixture.write(
      'fails',
      `steps:
  - { id: a, kind: command, host: target, with: { script: 'echo a >>${scratch('log')}' } }
  - { id: b, kind: command, host: target, with: { script: 'echo b >>${scratch('log')}; echo "disk is full" >&2; test -e ${scratch('mended')}' } }
  - { id: c, kind: command, host: target, with: { script: 'echo c >>${scratch('log')}' } }
`,
    )
    const request = fixture.request('fails')
    const outcome = await fixture.runner.runSteps(request, ['a', 'b', 'c'])
    expect(outcome.done.map(({ step }) => step)).toEqual(['a'])
    expect(outcome.failure).toMatchObject({ step: 'b', code: 'command-failed' })
    expect(outcome.failure?.message).toContain('disk is full')
    writeFileSync(scratch('mended'), '')
    const again = await fixture.runner.runSteps(request, ['a', 'b', 'c'])
    expect(again.done.map(({ step }) => step)).toEqual(['a', 'b', 'c'])
    expect(read('log')).toBe('a\nb\nb\nc\n')
  })

  it('tries a step again as often as it says', async () => {
    const script = `echo x >>${scratch('log')}; [ $(wc -l <${scratch('log')}) -ge 3 ]`
    fixture.write(
      'retried',
      `steps: [{ id: a, kind: command, host: target, retry: { attempts: 4, delay: 10ms }, with: { script: '${script}' } }]`,
    )
    const outcome = await fixture.runner.runSteps(fixture.request('retried'), ['a'])
    expect(outcome.failure).toBeUndefined()
    expect(read('log')).toBe('x\nx\nx\n')
  })

  it('stops a step that takes too long, on the host too', async () => {
    fixture.write(
      'slow',
      `steps: [{ id: a, kind: command, host: target, timeout: 4s, with: { script: 'echo $$ >${scratch('pid')}; sleep 300' } }]`,
    )
    const outcome = await fixture.runner.runSteps(fixture.request('slow'), ['a'])
    expect(outcome.failure).toMatchObject({ step: 'a', code: 'step-timeout' })
    expect(isRunning(read('pid'))).toBe(false)
  })

  it('given up by its caller stays open in the journal and throws the reason', async () => {
    fixture.write(
      'given-up',
      `steps: [{ id: a, kind: command, host: target, with: { script: 'sleep 300' } }]`,
    )
    const controller = new AbortController()
    const request = fixture.request('given-up')
    const running = fixture.runner.runSteps(request, ['a'], {
      signal: controller.signal,
      onProgress: ({ line }) => {
        if (line !== undefined) controller.abort(new Error('the worker shuts down'))
      },
    })
    await expect(running).rejects.toThrow('the worker shuts down')
    expect(await fixture.journal.read(request.runId, 'a')).toMatchObject({ status: 'started' })
  })

  it('never shows a secret: not in commands, lines, results, messages or the journal', async () => {
    fixture.write(
      'secret',
      `secrets: [other]
steps:
  - { id: a, kind: file, host: target, with: { path: '${scratch('password')}', secret: '\${databases.target.appSecret}' } }
  - { id: b, kind: file, host: target, with: { path: '${scratch('other')}', secret: other } }
  - { id: c, kind: command, host: target, with: { argv: [cat, '${scratch('password')}', '${scratch('other')}'] } }
  - { id: e, kind: command, host: target, with: { script: 'f=${scratch('password')}; head -c 6 $f; sleep 0.2; tail -c +7 $f; echo; cat $f; printf %03994d 1' } }
  - { id: d, kind: command, host: target, with: { script: 'cat ${scratch('password')} >&2; exit 1' } }
`,
    )
    const request = fixture.request('secret')
    const lines: unknown[] = []
    const onProgress = (progress: unknown) => lines.push(progress)
    const planned = await fixture.runner.plan(request)
    await fixture.runner.runSteps(request, ['a', 'b'], { onProgress })
    const outcome = await fixture.runner.runSteps(request, ['c', 'e', 'd'], { onProgress })
    expect(read('password')).toBe('canary-8415')
    expect(outcome.failure?.message).toContain('[secret app-password]')
    const seen = JSON.stringify([planned, outcome, lines, await fixture.journal.readRun(request.runId)])
    expect(seen).not.toMatch(/canary|-8415|9999/)
  })
})

describe('a dry run', () => {
  it('says what would change and changes nothing', async () => {
    fixture.write(
      'dry',
      `steps:
  - { id: a, kind: file, host: target, with: { path: '${scratch('a')}', content: new } }
  - { id: b, kind: command, host: target, with: { argv: [cat, '${scratch('a')}'], changesNothing: true } }
  - { id: c, kind: file, host: target, with: { path: '${scratch('c')}', content: '\${steps.b.result.stdout}' } }
  - { id: d, kind: file, host: target, when: 'false', with: { path: '${scratch('d')}', content: x } }
`,
    )
    const request = fixture.request('dry')
    const planned = await fixture.runner.plan(request)
    expect(planned.map(({ outcome }) => outcome)).toEqual([
      'would-change',
      'already-so',
      'unknown-until-run',
      'skipped',
    ])
    expect(planned[0]?.commands.at(-1)).toMatchObject({ title: `write ${scratch('a')}` })
    expect(existsSync(scratch('a'))).toBe(false)
    expect(await fixture.journal.readRun(request.runId)).toEqual([])
  })
})

describe('a description', () => {
  it('groups consecutive steps on one host and sets a person’s step apart', async () => {
    const command = (id: string, host: string) =>
      `  - { id: ${id}, kind: command, host: ${host}, with: { argv: ['true'] } }\n`
    const person = `  - { id: p, kind: task, with: { role: vendor, title: { zh: 改, en: 'Change \${system}' }, wantsEvidence: true } }\n`
    fixture.write(
      'groups',
      `steps:\n${command('a', 'source')}${command('b', 'source')}${command('c', 'target')}${person}${command('d', 'target')}`,
    )
    expect(await fixture.runner.describe(fixture.request('groups'))).toEqual([
      { host: 'source', zone: 'default', steps: ['a', 'b'] },
      { host: 'target', zone: 'default', steps: ['c'] },
      {
        zone: 'default',
        steps: ['p'],
        person: {
          step: 'p',
          role: 'vendor',
          title: { zh: '改', en: 'Change permit-desk' },
          wantsEvidence: true,
          wantsSignature: false,
        },
      },
      { host: 'target', zone: 'default', steps: ['d'] },
    ])
  })
})

describe('a description of a switch', () => {
  it('ends its group, so that it is told before what follows it', async () => {
    const check = (id: string) => `  - { id: ${id}, kind: http-check, with: { url: 'http://127.0.0.1/' } }\n`
    const sides = "with: { from: source, to: target, endpoint: '${endpoints.database}' }"
    fixture.write(
      'switch',
      `steps:\n${check('a')}  - { id: s, kind: postgres-switchover, ${sides} }\n${check('b')}${check('c')}`,
    )
    const groups = await fixture.runner.describe(fixture.request('switch'))
    expect(groups.map((group) => group.steps)).toEqual([
      ['a', 's'],
      ['b', 'c'],
    ])
  })
})

describe('an undo', () => {
  it('takes back the last step first, to what was there before', async () => {
    writeFileSync(scratch('old'), 'as it was\n')
    fixture.write(
      'undo',
      `steps:
  - { id: a, kind: file, host: target, with: { path: '${scratch('old')}', content: changed } }
  - { id: b, kind: file, host: target, with: { path: '${scratch('new')}', content: new } }
  - { id: c, kind: command, host: target, with: { script: 'echo c', undo: 'echo undone >${scratch('c')}' } }
  - { id: d, kind: command, host: target, with: { script: 'echo d' } }
  - { id: e, kind: file, host: target, undo: none, with: { path: '${scratch('kept')}', content: kept } }
`,
    )
    const request = fixture.request('undo')
    const all = ['a', 'b', 'c', 'd', 'e']
    await fixture.runner.runSteps(request, all)
    expect(await fixture.runner.undo(request, all)).toEqual({
      undone: ['c', 'b', 'a'],
      kept: ['e', 'd'],
      left: [],
    })
    expect(read('old')).toBe('as it was\n')
    expect([existsSync(scratch('new')), existsSync(scratch('kept'))]).toEqual([false, true])
    expect(await fixture.runner.undo(request, all)).toEqual({ undone: [], kept: ['e', 'd'], left: [] })
  })

  it('of a step that failed half-way starts from before its first attempt', async () => {
    writeFileSync(scratch('old'), 'as it was\n')
    fixture.write(
      'half',
      `steps: [{ id: a, kind: file, host: target, with: { path: '${scratch('old')}', content: changed, owner: nobody-at-all } }]`,
    )
    const request = fixture.request('half')
    const first = await fixture.runner.runSteps(request, ['a'])
    const second = await fixture.runner.runSteps(request, ['a'])
    expect([first.failure?.code, second.failure?.code]).toEqual(['command-failed', 'command-failed'])
    expect(read('old')).toBe('changed')
    await fixture.runner.undo(request, ['a'])
    expect(read('old')).toBe('as it was\n')
  })

  it('names what it could not reach, and does not call it undone', async () => {
    fixture.write('away', 'steps: [{ id: a, kind: postgres-replicate, with: { from: source, to: target } }]')
    const request = fixture.request('away')
    await fixture.journal.started(request.runId, 'a', {})
    const { undone, left } = await fixture.runner.undo(request, ['a'])
    expect(undone).toEqual([])
    expect(left).toEqual([
      said('unreachable-in-undo', { side: 'source', stepId: 'a' }),
      said('unreachable-in-undo', { side: 'target', stepId: 'a' }),
    ])
    expect((await fixture.journal.read(request.runId, 'a'))?.status).toBe('started')
  })

  it('that fails says what it was for', async () => {
    fixture.write(
      'stuck',
      `steps: [{ id: a, kind: command, host: target, with: { script: 'true', undo: 'echo "still mounted" >&2; exit 1' } }]`,
    )
    const request = fixture.request('stuck')
    await fixture.runner.runSteps(request, ['a'])
    const undo = fixture.runner.undo(request, ['a'], { because: 'the health check failed.' })
    await expect(undo).rejects.toThrow(UndoFailedError)
    await expect(undo).rejects.toThrow(/still mounted[\s\S]*the health check failed/)
  })
})
