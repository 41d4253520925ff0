import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bothSides } from '../../../families/commands/both-sides.ts'
import type { CommandsPlace } from '../../../families/commands/declaration.ts'
import { ColdWayBack } from '../../../families/commands/health.ts'
import { removeRecord, readRecord } from '../../../families/commands/record.ts'
import { removal } from '../../../families/commands/removal.ts'
import { CommandsSide } from '../../../families/commands/side.ts'
import { compareStill } from '../../../families/commands/figures.ts'
import { coldSwitch, reopen } from '../../../families/commands/switch/cold-switch.ts'
import { copyWhileServing } from '../../../families/commands/switch/copy.ts'
import { openAlone } from '../../../families/commands/switch/open-alone.ts'
import type { ColdSwitchPlan } from '../../../families/commands/switch/plan.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { samplePlan } from '../../support/plan.ts'
import { until } from '../../support/until.ts'
import { type Register, register, RegisterWriter } from '../../support/register.ts'
import { loginOf } from '../../support/ssh-login.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool
let folder: string
let old: Register
let next: Register
let source: CommandsSide
let target: CommandsSide
let writer: RegisterWriter

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
})
afterAll(async () => {
  await pool.close()
  await sshd.close()
})

function side(called: string, place: CommandsPlace): CommandsSide {
  const { privateKey, ...login } = loginOf(sshd)
  const host = pool.host({
    name: place.host,
    ...login,
    serviceDir: undefined,
    privateKey: async () => privateKey,
  })
  return new CommandsSide(called, place, host)
}

type Over = Partial<CommandsPlace['scripts']>

/** The register serves on the old side, with somebody writing to it. */
async function serve(
  over: { readonly old?: Over; readonly new?: Over; readonly withoutTake?: true } = {},
): Promise<void> {
  old = await register('old', join(folder, 'old'), over.old, over.withoutTake ? ['take'] : [])
  next = await register('new', join(folder, 'new'), over.new)
  source = side('source', old.place)
  target = side('target', next.place)
  await source.serve({ timeoutMs: 20_000 })
  writer = new RegisterWriter([old.url, next.url])
  await writer.further(10)
}

const plan = (from: CommandsSide, to: CommandsSide, over: Partial<ColdSwitchPlan> = {}): ColdSwitchPlan => ({
  ...{ from, to, deadlineMs: 30_000, stopTimeoutMs: 10_000, startTimeoutMs: 10_000, silentAfterMs: 60_000 },
  signal: new AbortController().signal,
  say: () => undefined,
  ...over,
})

/** Which of them runs, and what was acknowledged and is not there. */
async function outcome(): Promise<{ running: string[]; lost: number }> {
  await writer.further(5)
  const acknowledged = await writer.stop()
  const running = []
  for (const one of [source, target]) if (await one.asks('is-running')) running.push(one.called)
  const serving = running[0] === 'source' ? old : next
  const there = new Set(serving.entries())
  return { running, lost: acknowledged.filter((key) => !there.has(key)).length }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qianyun-register-'))
})
afterEach(async () => {
  await writer.stop()
  for (const one of [source, target]) {
    await one.halt({ timeoutMs: 10_000 })
    await removeRecord(one)
  }
  rmSync(folder, { recursive: true })
})

describe('a dataset that is moved by commands', () => {
  it('goes forth and back with nothing lost, where the old side takes back what the new one gives', async () => {
    await serve()
    const forth = await coldSwitch(plan(source, target))
    expect(forth).toMatchObject({ generation: 1, figures: {} })
    expect(forth.gapMs).toBeGreaterThan(0)
    expect(await source.asks('is-stopped')).toBe(true)
    await writer.further(10)
    const back = await coldSwitch(plan(target, source))
    expect(back).toMatchObject({ generation: 2 })
    expect(back.currentUntil).toBeUndefined()
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('opens an old side without "take" as it was left, and says until when that is current', async () => {
    await serve({ withoutTake: true })
    await coldSwitch(plan(source, target))
    const { record: left } = await readRecord(source)
    const before = old.entries().length
    await writer.further(10)
    const back = await coldSwitch(plan(target, source))
    expect(back.currentUntil).toBe(left?.since)
    expect(old.entries().length).toBeGreaterThanOrEqual(before)
    const { running, lost } = await outcome()
    expect(running).toEqual(['source'])
    expect(lost).toBeGreaterThanOrEqual(10)
    // What was written since is still on the side that was left.
    expect(next.entries().length).toBeGreaterThanOrEqual(before + 10)
  })

  it('starts the old side again when the figures differ', async () => {
    const forgetful = `mkdir -p '${folder}/new/data'; sed 1d > '${folder}/new/data/entries.jsonl'`
    await serve({ new: { take: forgetful } })
    await expect(coldSwitch(plan(source, target))).rejects.toMatchObject({
      code: 'cold-switch-aborted',
      part: 'measure',
      reason: { code: 'cold-figures-differ' },
    })
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('takes no part for the whole when "give" fails half way', async () => {
    await serve({ old: { give: 'head -c 300 /etc/passwd; exit 3' } })
    await expect(coldSwitch(plan(source, target))).rejects.toMatchObject({
      code: 'cold-switch-aborted',
      part: 'copy',
      reason: { code: 'cold-command-failed', values: { command: 'give' } },
    })
    expect(existsSync(join(next.folder, 'data/entries.jsonl'))).toBe(false)
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('tells the words of a "take" that ends early', async () => {
    await serve({ new: { take: 'echo "the disk is full" >&2; exit 4' } })
    await expect(coldSwitch(plan(source, target))).rejects.toThrow(/"take".*the disk is full/s)
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('is undone when it takes longer than its deadline', async () => {
    await serve({ old: { give: 'sleep 60' } })
    await expect(coldSwitch(plan(source, target, { deadlineMs: 3_000 }))).rejects.toMatchObject({
      code: 'cold-switch-aborted',
      part: 'copy',
    })
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('is not begun when it could end too late, or when a side is not as it has to be', async () => {
    await serve()
    await expect(coldSwitch(plan(source, target, { notAfterMs: Date.now() + 1_000 }))).rejects.toMatchObject({
      code: 'cold-too-late',
    })
    const blind = side('target', {
      ...next.place,
      scripts: { ...next.place.scripts, 'is-stopped': 'false' },
    })
    await expect(coldSwitch(plan(source, blind))).rejects.toMatchObject({
      code: 'cold-not-ready',
      problems: [{ values: { problem: { code: 'cold-not-stopped' } } }],
    })
    const untrue = side('source', {
      ...old.place,
      scripts: { ...old.place.scripts, 'is-stopped': 'true' },
    })
    await expect(coldSwitch(plan(untrue, target))).rejects.toMatchObject({
      code: 'cold-not-ready',
      problems: [{ values: { problem: { code: 'cold-stopped-and-running' } } }],
    })
    expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
  })

  it('says that its way back is kept, and is degraded once the old side runs', async () => {
    await serve()
    await coldSwitch(plan(source, target))
    const look = async () => {
      const watcher = new ColdWayBack((_move, _dataset, role) => (role === 'source' ? source : target))
      return watcher.look({ migration: 'm-1', plan: samplePlan(), switches: [] }, 'register', Date.now())
    }
    expect((await look()).health).toMatchObject({ channel: 'kept', reasons: [{ code: 'kept-copied-back' }] })
    await source.serve({ timeoutMs: 10_000 })
    expect((await look()).health).toMatchObject({ channel: 'at-risk' })
    expect((await look()).health.reasons.map(({ code }) => code)).toContain('old-side-runs')
  })

  it('is removed only where a switch has left it, and it stands still', async () => {
    await serve()
    await expect(removal.check(source)).rejects.toMatchObject({ code: 'cold-side-serves' })
    await coldSwitch(plan(source, target))
    await expect(removal.check(target)).rejects.toMatchObject({ code: 'cold-side-serves' })
    await removal.check(source)
    await source.serve({ timeoutMs: 10_000 })
    await expect(removal.check(source)).rejects.toMatchObject({ code: 'cold-side-serves' })
  })
})

describe('a copy of a dataset that goes on serving', () => {
  const copied = async () => {
    const { signal } = new AbortController()
    const times = { timeoutMs: 30_000, stopTimeoutMs: 10_000, startTimeoutMs: 10_000 }
    return copyWhileServing(source, target, { ...times, signal, say: () => undefined })
  }

  it('is compared by what was given, while the side it was made of is written to', async () => {
    await serve()
    const { before, after, copy } = await copied()
    const { compared, differences, moved } = compareStill({ before, after, copy })
    expect({ compared, differences }).toEqual({ compared: 1, differences: [] })
    expect(moved).toEqual(['entries', 'sha256'])
  })

  it('is found out when "take" loses a line', async () => {
    const data = join(folder, 'new/data/entries.jsonl')
    await serve({ new: { take: `mkdir -p '${folder}/new/data'; sed 1d > '${data}'` } })
    const { before, after, copy } = await copied()
    expect(compareStill({ before, after, copy }).differences).toHaveLength(1)
  })

  it('is refused where the place it would fill serves, was left, or runs for a reason nobody knows', async () => {
    await serve()
    const { signal } = new AbortController()
    const times = { timeoutMs: 30_000, stopTimeoutMs: 10_000, startTimeoutMs: 10_000 }
    const onto = async (side: CommandsSide) =>
      copyWhileServing(target, side, { ...times, signal, say: () => undefined })
    await expect(onto(source)).rejects.toMatchObject({ code: 'cold-side-serves', found: 'running' })
    await coldSwitch(plan(source, target))
    await expect(copied()).rejects.toMatchObject({ code: 'cold-side-serves', found: 'open' })
    await expect(onto(source)).rejects.toMatchObject({ code: 'cold-side-serves', found: 'closed' })
    expect(await outcome()).toEqual({ running: ['target'], lost: 0 })
  })
})

describe('a side that is opened without the other one', () => {
  it('is refused while that one answers, and says until when it is current', async () => {
    await serve()
    await coldSwitch(plan(source, target))
    const alone = { to: source, startTimeoutMs: 10_000, signal: new AbortController().signal }
    await expect(openAlone({ gone: target, ...alone })).rejects.toMatchObject({ code: 'cold-not-ready' })
    // Nobody listens on that port: a host that is switched off.
    const { port: _, privateKey, ...login } = loginOf(sshd)
    const gone = pool.host({
      ...{ name: 'gone', ...login, port: 1, serviceDir: undefined },
      privateKey: async () => privateKey,
    })
    const lost = new CommandsSide('target', next.place, gone)
    const { record } = await readRecord(source)
    expect(await openAlone({ gone: lost, ...alone })).toMatchObject({
      currentUntil: record?.since,
      generation: 2,
    })
    expect(await source.asks('is-running')).toBe(true)
    // The other one comes back, open by its own record: it is stale, and the next switch fills it anew.
    expect(await bothSides.look(source, target)).toMatchObject({ old: 'open', new: 'stale' })
    await target.halt({ timeoutMs: 10_000 })
    await coldSwitch(plan(source, target))
    expect(await bothSides.look(source, target)).toMatchObject({ old: 'closed', new: 'open' })
  })
})

describe('a runner that is killed in a switch by commands', () => {
  const program = join(import.meta.dirname, '../../support/cold-switch-and-die.ts')
  const dieAt = (atCall: number, silentAfterMs = 60_000): string | null => {
    const death = { login: loginOf(sshd), from: old.place, to: next.place, atCall, silentAfterMs }
    return spawnSync(process.execPath, ['--import', 'tsx', program, JSON.stringify(death)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    }).signal
  }
  const everyCall = Array.from({ length: 16 }, (_, index) => 2 + index)

  it.each(everyCall)('loses nothing, and one side runs, when it goes on from call %i', async (atCall) => {
    await serve()
    expect(dieAt(atCall)).toBe('SIGKILL')
    await coldSwitch(plan(source, target))
    expect(await outcome()).toEqual({ running: ['target'], lost: 0 })
  })

  /** Watchdogs name the record of the side in their words. */
  const watchdogs = async (): Promise<string> => {
    const { path } = await readRecord(source)
    return spawnSync('pgrep', ['-f', path], { encoding: 'utf8' }).stdout
  }

  it.each([10, 12, 14])(
    'has the old side serve again by itself from call %i, and leaves nothing running',
    async (atCall) => {
      await serve({ old: { give: 'sleep 300' } })
      expect(dieAt(atCall, 2_000)).toBe('SIGKILL')
      expect(await outcome()).toEqual({ running: ['source'], lost: 0 })
      expect((await readRecord(source)).record?.state).toBe('open')
      await until(async () => (await watchdogs()) === '')
    },
  )

  it('is not overtaken by one that was held up: what is decided is neither undone nor filled anew', async () => {
    await serve()
    await coldSwitch(plan(source, target))
    await expect(reopen(source, 5_000)).rejects.toMatchObject({ code: 'cold-decided' })
    expect(await source.asks('is-stopped')).toBe(true)
    const taking = await target.begin('take')
    taking.stdin.write('3\nabc')
    await until(async () => target.isBeingFilled())
    await expect(coldSwitch(plan(source, target))).rejects.toMatchObject({ code: 'cold-being-filled' })
    const second = await target.begin('take')
    second.stdout.resume()
    second.stderr.resume()
    second.stdin.end()
    expect(await second.ended).toBe(75)
    await taking.kill()
    await until(async () => !(await target.isBeingFilled()))
    expect(await outcome()).toEqual({ running: ['target'], lost: 0 })
  }, 120_000)

  it.each([4, 8, 10, 12, 14, 16])(
    'is settled to one side, with nothing lost, from call %i',
    async (atCall) => {
      await serve()
      dieAt(atCall)
      const { serves } = await bothSides.settle(source, target, {
        inFront: [],
        signal: new AbortController().signal,
      })
      const found = await outcome()
      expect(found).toEqual({ running: [serves === 'new' ? 'target' : 'source'], lost: 0 })
      const { old: left, new: opened } = await bothSides.look(source, target)
      expect([left, opened].filter((state) => state === 'open')).toHaveLength(serves === 'none' ? 0 : 1)
    },
  )
})
