import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HostPool } from '../../../runner/ssh/pool.ts'
import { startSshd, type TestSshd } from '../../support/sshd.ts'

let sshd: TestSshd
let pool: HostPool

beforeAll(async () => {
  sshd = await startSshd()
  pool = new HostPool()
})

afterAll(async () => {
  await pool.close()
  await sshd.close()
})

/** Nothing of this process runs meanwhile, as on a machine that is short of processors. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

describe('a session', () => {
  it('keeps the exit code and output that arrived together with the news that the command began', async () => {
    const host = pool.host(sshd.target())
    await host.run('true')
    const running = host.run('echo done; exit 7', { okExitCodes: [7] })
    for (let round = 0; round < 3; round += 1) {
      await turn()
      standStill(1200)
    }
    expect(await running).toEqual({ exitCode: 7, stdout: 'done\n', stderr: '' })
  }, 20_000)
})
