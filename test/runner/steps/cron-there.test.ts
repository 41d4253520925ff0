import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type PlaybookFixture, playbookFixture } from '../../support/playbook-fixture.ts'
import { type TestSshd, startSshd } from '../../support/sshd.ts'

let folder: string
let sshd: TestSshd
let fixture: PlaybookFixture
const at = (name: string) => join(folder, name)
const app = '/srv/permit-desk'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-cron-'))
  for (const name of ['cron.d', 'spool', 'bin', 'elsewhere']) mkdirSync(at(name))
})
afterEach(async () => {
  await fixture.close()
  await sshd.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What stands in for a cron: a process of its name, whose program has the words by which it is known. */
const crons = {
  debian: { name: 'cron', words: 'INSECURE MODE (group/other writable)' },
  cronie: { name: 'crond', words: 'BAD FILE MODE' },
  unknown: { name: 'crond', words: '' },
} as const

/** A host with processes, tables and a spool of its own. */
async function host(cron: keyof typeof crons | 'none', crontab = 'exit 1'): Promise<void> {
  tool('crontab', crontab)
  if (cron !== 'none') tool(crons[cron].name, `# ${crons[cron].words}\nwhile :; do sleep 60 & wait; done`)
  const setUp = [
    'mkdir -p /etc/cron.d /var/spool/cron/crontabs',
    `mount --bind ${at('cron.d')} /etc/cron.d`,
    `mount --bind ${at('spool')} /var/spool/cron/crontabs`,
    ...(cron === 'none' ? [] : [`${at('bin')}/${crons[cron].name} &`]),
    'exec "$@"',
  ].join('\n')
  const apart = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private']
  // `unshare` does not end by the signal that ends an sshd; what it has started ends with it.
  const ended = `setup=$1; shift
unshare ${apart.join(' ')} sh -c "$setup" sh "$@" & child=$!
trap 'kill -KILL "$child"; exit' TERM
wait "$child"`
  sshd = await startSshd('127.0.0.1', ['sh', '-c', ended, 'sh', setUp])
  fixture = playbookFixture({ sshd })
  writeFileSync(join(sshd.directory, '.bashrc'), `PATH=${at('bin')}:$PATH\n`)
}

function tool(name: string, script: string): void {
  writeFileSync(join(at('bin'), name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

const never = '0 0 1 1 *'

function table(name: string, text = `${never} root true ${app} ${name}\n`, path = 'cron.d'): string {
  const file = join(at(path), name)
  writeFileSync(file, text)
  chmodSync(file, 0o644)
  return file
}

let runs = 0

async function jobs(state: string) {
  const name = `jobs-${String(runs++)}`
  fixture.write(
    name,
    `steps: [{ id: a, kind: scheduled-jobs, host: target, with: { mentions: ['${app}'], state: ${state} } }]`,
  )
  const request = fixture.request(name)
  const { done, failure } = await fixture.runner.runSteps(request, ['a'])
  const result = (done[0]?.result ?? {}) as { readonly notRun?: readonly string[] }
  return { result, failure, request }
}

/** The jobs that are not run, by the last word of their line. */
function notRun(result: { readonly notRun?: readonly string[] }): Record<string, string | undefined> {
  const found = (result.notRun ?? []).map((one) => /(\S+) \([^)]*\): (.*)$/.exec(one))
  return Object.fromEntries(found.map((one) => [one?.[1] ?? '', one?.[2]]))
}

const off = (name: string) => readFileSync(join(at('cron.d'), name), 'utf8').startsWith('#qianyun-off# ')

/** Files as a real cron of Debian 12 was seen to take them, or to pass over. */
function tables(): void {
  for (const name of [
    'plain',
    '_under',
    'executable',
    'secret',
    'dot.cron',
    '.hidden',
    'tilde~',
    'other-owner',
  ])
    table(name)
  chmodSync(join(at('cron.d'), 'executable'), 0o755)
  chmodSync(join(at('cron.d'), 'secret'), 0o600)
  chownSync(join(at('cron.d'), 'other-owner'), 1234, 0)
  chmodSync(table('group-may-write'), 0o664)
  linkSync(table('two-links'), at('elsewhere/second'))
  symlinkSync(table('linked', undefined, 'elsewhere'), join(at('cron.d'), 'linked'))
  symlinkSync(table('link-of-another', undefined, 'elsewhere'), join(at('cron.d'), 'link-of-another'))
  lchownSync(join(at('cron.d'), 'link-of-another'), 1234, 0)
  table('cut', `${never} root true ${app} first\n${never} root true ${app} last`)
  table('nobody', `${never} root true ${app} known\n@daily no-such-user true ${app} unknown\n`)
  table('broken', `99 * * * * root true\n${never} root true ${app} beside-broken\n`)
  table('settings', `# ours\nPATH=/usr/bin:/bin\n\n*/5,7 0-6/2 * jan-mar mon,7 root true ${app} settings\n`)
}

describe('a job in a file of the system', () => {
  it('is off where Debian’s cron passes over the file', async () => {
    tables()
    await host('debian')
    const { result } = await jobs('off')
    expect(notRun(result)).toEqual({
      'dot.cron': 'name',
      '.hidden': 'name',
      'tilde~': 'name',
      'other-owner': 'owner',
      'link-of-another': 'owner',
      'group-may-write': 'mode',
      'two-links': 'links',
      first: 'line-end',
      last: 'line-end',
      known: 'user',
      unknown: 'user',
      'beside-broken': 'line',
    })
    const plain = ['plain', '_under', 'executable', 'secret', 'linked']
    expect(plain.map((name) => [name, off(name)])).toEqual(plain.map((name) => [name, true]))
    expect(['dot.cron', 'tilde~', 'group-may-write', 'two-links', 'cut'].filter(off)).toEqual([])
  }, 60_000)

  it('is off where cronie passes over the file, which differs', async () => {
    tables()
    await host('cronie')
    expect(notRun((await jobs('off')).result)).toEqual({
      '.hidden': 'name',
      'tilde~': 'name',
      'other-owner': 'owner',
      'group-may-write': 'mode',
      executable: 'mode',
      last: 'line-end',
      unknown: 'user',
    })
    expect(['dot.cron', 'two-links', 'linked', 'link-of-another'].every(off)).toBe(true)
  }, 60_000)

  it('counts as written where the cron that runs is not known', async () => {
    tables()
    await host('unknown')
    expect(notRun((await jobs('off')).result)).toEqual({})
    expect(off('dot.cron')).toBe(true)
  }, 60_000)

  it('goes back to what it was by undo, and one that cron passes over is left', async () => {
    table('plain')
    table('dot.cron')
    await host('debian')
    const { request } = await jobs('off')
    expect([off('plain'), off('dot.cron')]).toEqual([true, false])
    await fixture.runner.undo(request, ['a'])
    expect([off('plain'), off('dot.cron')]).toEqual([false, false])
  }, 60_000)
})

describe('a job that cron will not run once it is on', () => {
  it('is refused before the switch with what helps, and told after it', async () => {
    const file = table('plain')
    await host('debian')
    await jobs('off')
    expect((await jobs('startable')).failure).toBeUndefined()
    chmodSync(file, 0o666)
    const { failure } = await jobs('startable')
    expect(failure).toMatchObject({ code: 'jobs-not-run' })
    expect(failure?.message).toContain(
      'plain (file /etc/cron.d/plain, off)": cron passes over the file for its mode',
    )
    const { result, failure: none } = await jobs('on')
    expect([none, notRun(result)]).toEqual([undefined, { plain: 'mode' }])
    expect(off('plain')).toBe(false)
    chmodSync(file, 0o644)
    expect(notRun((await jobs('on')).result)).toEqual({})
  }, 60_000)

  it('is refused where no cron runs, whether it is off or on', async () => {
    table('plain')
    await host('none')
    expect((await jobs('startable')).failure?.message).toContain('no cron runs on the host')
    await jobs('off')
    expect(off('plain')).toBe(true)
    expect((await jobs('startable')).failure).toMatchObject({ code: 'jobs-not-run' })
  }, 60_000)
})

describe('jobs of a user who may not use crontab', () => {
  const refused = `[ "$1" = -u ] && [ "$2" = root ] || { echo "You (root) are not allowed to use this program (crontab)" >&2; exit 1; }
shift 2; case $1 in -l) cat SPOOL ;; -) cat >SPOOL.new && cat SPOOL.new >SPOOL && rm SPOOL.new ;; esac`

  it('are found where root has put them, and switched', async () => {
    const file = table('root', `${never} true ${app} mine\n`, 'spool')
    chmodSync(file, 0o600)
    await host('debian', refused.replaceAll('SPOOL', file))
    expect((await jobs('off')).result).toMatchObject({ changed: true })
    expect(readFileSync(file, 'utf8')).toBe(`#qianyun-off# ${never} true ${app} mine\n`)
  }, 60_000)
})
