import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { createPreflightActivities } from '../../activities/preflight.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { samplePlan } from '../support/plan.ts'
import { type TestSshd, startSshd } from '../support/sshd.ts'

const pool = new HostPool()
const folders: string[] = []
let sshds: TestSshd[] = []

afterEach(async () => {
  for (const sshd of sshds) await sshd.close()
  sshds = []
})
afterAll(async () => {
  await pool.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A host whose `/etc` is its own, with this time zone and this file for the locale. */
async function hostWith(
  address: string,
  timeZone: string,
  [file, text]: readonly [string, string],
  more: Readonly<Record<string, string>> = {},
): Promise<TestSshd> {
  const etc = mkdtempSync(join(tmpdir(), 'qianyun-etc-'))
  folders.push(etc)
  cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true })
  for (const name of ['localtime', 'timezone', 'default/locale', 'locale.conf'])
    rmSync(join(etc, name), { force: true })
  symlinkSync(`/usr/share/zoneinfo/${timeZone}`, join(etc, 'localtime'))
  for (const [name, content] of Object.entries({ [file]: text, ...more }))
    writeFileSync(join(etc, name), content)
  const inside = ['sh', '-c', `mount --bind ${etc} /etc && exec "$@"`, 'sh']
  const sshd = await startSshd(address, ['unshare', '--mount', '--propagation', 'private', ...inside])
  sshds.push(sshd)
  return sshd
}

function planOf(old: TestSshd, other: TestSshd, waivers: MigrationPlan['waivers'] = []): MigrationPlan {
  const plan = samplePlan()
  const reached = ({ address, port, user, hostKey }: TestSshd) => ({ address, port, user, hostKey })
  const hosts = Object.entries(plan.hosts).map(([name, host]) => [
    name,
    { ...host, ...(name === 'source' ? reached(old) : name === 'target' ? reached(other) : {}) },
  ])
  return {
    ...plan,
    hosts: Object.fromEntries(hosts) as MigrationPlan['hosts'],
    datasets: {},
    endpoints: {},
    waivers,
  }
}

/** What preflight says; nothing when it lets the move go on. */
async function preflight(plan: MigrationPlan): Promise<string | undefined> {
  const secrets = {
    read: async (_: string, { address }: { readonly address?: string }) =>
      sshds.find((one) => address?.startsWith(one.address))?.privateKey ?? '',
  }
  const places = new PlanPlaces(pool, secrets)
  const activities = createPreflightActivities({ places })
  return new MockActivityEnvironment()
    .run(async () => activities.preflight({ plan, hostKeys: {}, hosts: ['target'] }))
    .then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    )
}

describe('the regional settings of old and new hosts', () => {
  it('are compared as new hosts are handed over, and a difference is told with both values', async () => {
    const old = await hostWith('127.0.0.2', 'Asia/Shanghai', ['locale.conf', 'LANG="zh_CN.UTF-8"\n'])
    const other = await hostWith('127.0.0.3', 'Etc/UTC', ['default/locale', 'LANG=C.UTF-8\n'])
    const found = await preflight(planOf(old, other))
    expect(found).toContain(
      'The time zone of the new host "cloud" is "Etc/UTC +0000", that of the old host "old" is "Asia/Shanghai +0800"',
    )
    expect(found).toContain('"cloud" is "LANG=C.utf8", that of the old host "old" is "LANG=zh_CN.utf8"')
  }, 60_000)

  it('are the same under another name, and may differ where a waiver says so', async () => {
    const old = await hostWith('127.0.0.2', 'PRC', ['locale.conf', 'LANG=zh_CN.utf8\n'])
    const other = await hostWith('127.0.0.3', 'Asia/Shanghai', ['default/locale', 'LANG=zh_CN.UTF-8\n'])
    expect(await preflight(planOf(old, other))).toBeUndefined()
    const third = await hostWith('127.0.0.4', 'Asia/Tokyo', ['locale.conf', 'LANG=ja_JP.eucJP\n'])
    const waiver = { pattern: 'target', reason: 'The jobs have a time zone of their own.' }
    const covered = planOf(old, third, [{ ...waiver, rule: 'host-time-zone-differs' }])
    const found = await preflight(covered)
    expect(found).toContain('LANG=ja_JP.eucJP')
    expect(found).not.toContain('Asia/Tokyo')
    expect(await preflight({ ...covered, waivers: [{ ...waiver, rule: '*' }] })).toBeUndefined()
  }, 60_000)

  it('differ where summer time does, though the hour is the same today', async () => {
    const old = await hostWith('127.0.0.2', 'Europe/London', ['locale.conf', ''])
    const other = await hostWith('127.0.0.3', 'Etc/UTC', ['locale.conf', 'LANG=C\n'])
    const found = await preflight(planOf(old, other))
    expect(found).toMatch(/Europe\/London (\+0000\/\+0100|\+0100\/\+0000)/)
    expect(found).not.toContain('locale of the new host')
  }, 60_000)
})

describe('what old and new hosts take and trust', () => {
  it('is compared at the same moment, each difference by its own rule and waiver', async () => {
    const alike = ['locale.conf', 'LANG=C\n'] as const
    const old = await hostWith('127.0.0.2', 'Etc/UTC', alike, { 'php.ini': 'post_max_size = 64M\n' })
    const other = await hostWith('127.0.0.3', 'Etc/UTC', alike, { 'php.ini': 'post_max_size = 8M\n' })
    const found = await preflight(planOf(old, other))
    expect(found).toContain('On the new host "cloud" less is taken from a request than on the old host "old"')
    expect(found).toContain('php post_max_size 8M (64M)')
    const waiver = { pattern: 'target', reason: 'Nobody uploads.', rule: 'host-takes-less' }
    expect(await preflight(planOf(old, other, [waiver]))).toBeUndefined()
  }, 60_000)
})
