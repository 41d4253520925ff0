import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { removeRecord } from '../../../families/commands/record.ts'
import { CommandsSide } from '../../../families/commands/side.ts'
import { implementation as coldCopy } from '../../../families/commands/steps/cold-copy/index.ts'
import { implementation as coldReady } from '../../../families/commands/steps/cold-ready/index.ts'
import { implementation as coldRehearse } from '../../../families/commands/steps/cold-rehearse/index.ts'
import { implementation as coldReopen } from '../../../families/commands/steps/cold-reopen/index.ts'
import { implementation as coldSwitch } from '../../../families/commands/steps/cold-switch/index.ts'
import { implementation as coldVerify } from '../../../families/commands/steps/cold-verify/index.ts'
import { HostPool } from '../../../runner/ssh/pool.ts'
import type { AnyStepImplementation, StepContext } from '../../../runner/steps/kind.ts'
import { register, RegisterWriter } from '../../support/register.ts'
import { runStep } from '../../support/run-step.ts'
import { loginOf } from '../../support/ssh-login.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'
import { stepContext } from '../../support/step-context.ts'

const names = ['source', 'staging', 'target'] as const
const folder = mkdtempSync(join(tmpdir(), 'qianyun-cold-steps-'))
const sides: Record<string, CommandsSide> = {}
const pool = new HostPool()
let sshd: TestSshd
let writer: RegisterWriter

beforeAll(async () => {
  sshd = await startSshd()
  const { privateKey, ...login } = loginOf(sshd)
  const urls: string[] = []
  for (const name of names) {
    const { place, url } = await register(name, join(folder, name))
    const host = pool.host({ name, ...login, serviceDir: undefined, privateKey: async () => privateKey })
    sides[name] = new CommandsSide(name, place, host)
    if (name !== 'staging') urls.push(url)
  }
  await sides['source']?.serve({ timeoutMs: 20_000 })
  writer = new RegisterWriter(urls)
  await writer.further(10)
}, 60_000)

afterAll(async () => {
  await writer.stop()
  for (const side of Object.values(sides)) {
    await side.halt({ timeoutMs: 10_000 })
    await removeRecord(side)
  }
  await pool.close()
  await sshd.close()
  rmSync(folder, { recursive: true })
}, 60_000)

function context(): StepContext {
  const dataset = (name: string) => sides[name] as never
  return { ...stepContext(), dataset }
}

const run = async (kind: AnyStepImplementation, params: object) => runStep(kind, params, context())

/** What a dry run prints of a step. */
async function planned(kind: AnyStepImplementation, params: object): Promise<readonly string[]> {
  const bound = kind.bind(params)
  return bound.plan(await bound.gather(context())).map(({ title }) => title)
}

describe('the steps of data that is moved by commands', () => {
  it('copy to staging while the old side is written to, verify what stood still, and take the copy away', async () => {
    const params = { from: 'source', to: 'staging' }
    const { before, after, copy } = await run(coldCopy, params)
    const verified = await run(coldVerify, { before, after, copy })
    expect(verified).toMatchObject({ equal: true, rows: 1, differences: [] })
    expect(verified['notCompared']).toMatchObject([{ values: { figures: ['entries', 'sha256'] } }])
    await expect(run(coldVerify, { before, after, copy: {} })).rejects.toMatchObject({
      code: 'cold-figures-differ',
    })
    await coldCopy.bind(params).carryOutUndo(null, context())
    expect(await sides['staging']?.asks('is-stopped')).toBe(true)
    await expect(run(coldRehearse, params)).resolves.toMatchObject({ rollbackGapMs: expect.any(Number) })
  }, 60_000)

  it('look, switch with a plan that says what is stopped, and open no side beside one that answers', async () => {
    const params = { from: 'source', to: 'target' }
    expect(await run(coldReady, params)).toEqual({ changed: false })
    expect((await planned(coldSwitch, params)).join('; ')).toMatch(
      /stop "source" \(source\), and prove that nothing can write there; copy everything .*the commit point; start "target"/,
    )
    const switched = await run(coldSwitch, params)
    expect(switched).toMatchObject({ generation: 1 })
    expect(await run(coldSwitch, params)).toMatchObject({ generation: 1, gapBound: 'at-most' })
    await expect(run(coldReopen, { gone: 'target', to: 'source' })).rejects.toMatchObject({
      code: 'cold-not-ready',
    })
    await expect(run(coldReady, params)).rejects.toMatchObject({ code: 'cold-not-ready' })
  }, 60_000)
})
