import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { hostOf } from '../../domain/plan/places.ts'
import { SudoPasswordRefusedError } from '../../runner/ssh/errors.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { asRoot, asRootIfAllowed } from '../../runner/ssh/root.ts'
import { playbookFixture } from '../support/playbook-fixture.ts'
import { startSshd, type TestSshd } from '../support/sshd.ts'
import { distributions, folder, makeBase, whyNoMachines } from './base.ts'

const none = whyNoMachines()
const password = `it's a "pass" $word \\ %u 密码`

/** An sshd whose sessions run on a machine of a distribution, as a user whose sudo asks for a password. */
function launcher(base: string, trial: string): readonly string[] {
  const root = join(trial, 'root')
  for (const part of ['upper', 'work', 'root']) mkdirSync(join(trial, part))
  const session = `exec chroot --userspec=li:li --groups=li ${root} env HOME=/home/li sh -c "$SSH_ORIGINAL_COMMAND"`
  const script = `set -e
mount -t overlay overlay -o lowerdir=${base},upperdir=${trial}/upper,workdir=${trial}/work ${root}
mount -t proc proc ${root}/proc
mount --rbind /dev ${root}/dev
chroot ${root} useradd -m -s /bin/sh li
printf 'li:%s\\n' "$PASSWORD" | chroot ${root} chpasswd
printf 'li ALL=(ALL) ALL\\n' > ${root}/etc/sudoers.d/li
export -n PASSWORD
exec "$@" -o ForceCommand=${JSON.stringify(session).replaceAll('$', '\\$')}`
  const own = ['unshare', '--mount', '--propagation', 'private', 'env', `PASSWORD=${password}`]
  return [...own, 'bash', '-c', script, 'bash']
}

const describeEach = none === undefined ? describe.each(distributions) : describe.skip.each(distributions)

describeEach(
  `sudo with a password on $name${none === undefined ? '' : ` (skipped: ${none})`}`,
  (distribution) => {
    let sshd: TestSshd
    let trial: string
    let pool: HostPool

    beforeAll(async () => {
      trial = mkdtempSync(join(folder, 'sudo-'))
      sshd = await startSshd('127.0.0.1', launcher(makeBase(distribution), trial))
    }, 600_000)
    afterAll(async () => {
      await sshd.close()
      rmSync(trial, { recursive: true, force: true })
    })
    beforeEach(() => {
      pool = new HostPool()
    })
    afterEach(async () => pool.close())

    const host = (given: string | undefined = password) =>
      pool.host(sshd.target({ user: 'root', sudoPassword: async () => Promise.resolve(given) }))

    it('runs as root what asks for it, with its input, its output and its exit code', async () => {
      const ran = await host().run(asRoot('id -u; cat; exit 7', false), {
        stdin: 'one\ntwo\n',
        okExitCodes: [7],
      })
      expect(ran).toMatchObject({ exitCode: 7, stdout: '0\none\ntwo\n' })
      expect((await host().run(asRootIfAllowed('id -un'))).stdout).toBe('root\n')
      expect((await host().run('id -un')).stdout).toBe('li\n')
      const twice = `as() { sudo -n "$@"; }; as id -un; as -u nobody id -un </dev/null; cat`
      expect((await host().run(twice, { stdin: 'rest' })).stdout).toBe('root\nnobody\nrest')
    })

    it('streams to and from what runs as root', async () => {
      const running = await host().start(asRoot('cat; id -u', false))
      const stdout = text(running.stdout)
      running.stderr.resume()
      running.stdin.write('piece one\n')
      running.stdin.end('piece two\n')
      expect(await running.ended).toBe(0)
      expect(await stdout).toBe('piece one\npiece two\n0\n')
    })

    it('shows the password to no process and to no command', async () => {
      const look = `sudo -n sh -c 'for p in /proc/[0-9]*; do tr "\\\\0" "\\\\n" <$p/cmdline; done; env' 2>/dev/null`
      const { stdout } = await host().run(look)
      expect(stdout).toContain('SUDO_USER=li')
      expect(stdout).not.toContain('$word')
    })

    it('is refused with what sudo says where the password is wrong, and tried once alone', async () => {
      const wrong = host('wrong')
      for (let time = 0; time < 3; time++) {
        const error = await wrong.run(asRoot('true', false)).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(SudoPasswordRefusedError)
        expect(String(error)).toMatch(
          /does not take the password of "root": ".*(incorrect|Sorry|no password)/s,
        )
      }
      expect((await wrong.run('echo plain')).stdout).toBe('plain\n')
    })

    it('writes, changes, puts back and wipes what belongs to root alone', async () => {
      const root = async (script: string) => (await host().run(asRoot(script, false))).stdout
      await root(
        'mkdir -m 0700 -p /srv/desk/data && echo citizens >/srv/desk/data/list && chmod 0600 /srv/desk/data/list',
      )
      const fixture = playbookFixture({
        sshd: { ...sshd, user: 'root' },
        secrets: { 'sudo-of-li': password },
      })
      const requestOf = (step: string, runId = 'run-edit') => {
        fixture.write('step', `steps: [{ id: a, host: target, ${step} }]`)
        const request = fixture.request('step', { runId })
        const { hosts } = request.plan
        const plan = {
          ...request.plan,
          hosts: { ...hosts, target: { ...hostOf(request.plan, 'target'), sudoSecret: 'sudo-of-li' } },
        }
        return { ...request, plan }
      }
      const run = async (step: string, runId?: string) =>
        fixture.runner.runSteps(requestOf(step, runId), ['a'])
      try {
        const edit = `kind: file, with: { path: /srv/desk/app.conf, content: 'A=1', mode: '0600', asRoot: true }`
        expect(await run(edit.replace(', asRoot: true', ''))).toHaveProperty('failure')
        expect(await run(edit)).not.toHaveProperty('failure')
        expect(await root('stat -c "%U %a" /srv/desk/app.conf; cat /srv/desk/app.conf')).toBe('root 600\nA=1')
        await fixture.runner.undo(requestOf(edit), ['a'])
        expect(await root('ls /srv/desk')).toBe('data\n')
        const list = `kind: file, with: { path: /srv/desk/data/list, content: 'none', asRoot: true }`
        expect(await run(list, 'run-list')).not.toHaveProperty('failure')
        const kept = `grep -rl citizens /home/li/.qianyun | wc -l`
        expect(await root(kept)).toBe('1\n')
        const wipe = `kind: wipe, with: { paths: [/srv/desk/data], asRoot: true }`
        expect(await run(wipe.replace(', asRoot: true', ''), 'run-wipe')).toHaveProperty('failure')
        const { done } = await run(wipe, 'run-wipe')
        expect(done[0]?.result).toMatchObject({ files: 3 })
        expect(await root('ls /srv/desk')).toBe('')
        expect(await root(kept)).toBe('0\n')
      } finally {
        await fixture.close()
      }
    }, 60_000)
  },
)
