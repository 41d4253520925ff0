import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from '@jest/globals'

import { removeLab, startLab } from '../../lab/lab.ts'
import { loopbackStatus } from '../../lab/loopback/provider.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { prepareStack } from '../../standalone/stack.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()

afterAll(() => removeLab(home), 60_000)

describe('a stack that is ended at once', () => {
  it("ends the lab's hosts too, although their starter was killed and they are in process groups of their own", async () => {
    const [api, temporal, temporalUi, postgres] = await findFreePorts(4)
    const ports = { api: api!, temporal: temporal!, temporalUi: temporalUi!, postgres: postgres! }
    const stack = prepareStack({ home, ports, lab: true, variables: { PATH: process.env['PATH'] } })
    await startLab({ home, only: ['entry'] })
    // As after SIGKILL: nobody is there to be asked for the end.
    rmSync(join(home, 'lab', 'starter.json'))
    expect((await loopbackStatus(home)).hosts.entry).toBe(true)

    await stack.kill()

    expect(Object.values((await loopbackStatus(home)).hosts)).not.toContain(true)
  }, 120_000)
})
