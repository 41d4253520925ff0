import { createServer, type AddressInfo, type Server } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { assertPortsFree, findFreePorts, findPortHolder, PortsTakenError } from '../../standalone/ports.ts'

let holder: Server
let port: number

beforeAll(async () => {
  holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  port = (holder.address() as AddressInfo).port
})

afterAll(() => new Promise((resolve) => holder.close(resolve)))

describe('ports', () => {
  it('names the process that holds a port', () => {
    expect(findPortHolder(port)).toEqual({ pid: process.pid, command: expect.stringContaining('jest') })
  })

  it('knows nobody for a free port', async () => {
    const [free] = await findFreePorts(1)

    expect(findPortHolder(free!)).toBeUndefined()
  })

  it('reports every taken port with its holder and the variable that moves it', async () => {
    const [free] = await findFreePorts(1)
    const checking = assertPortsFree([
      { purpose: 'Temporal', port, variable: 'QIANYUN_TEMPORAL_PORT' },
      { purpose: 'PostgreSQL', port: free!, variable: 'QIANYUN_POSTGRES_PORT' },
    ])

    await expect(checking).rejects.toThrow(PortsTakenError)
    await expect(checking).rejects.toThrow(
      new RegExp(
        `^Port ${port} for Temporal is taken by process ${process.pid} \\(".*jest.*"\\)\\. .*QIANYUN_TEMPORAL_PORT\\.$`,
      ),
    )
  })

  it('gives different ports', async () => {
    const ports = await findFreePorts(5)

    expect(new Set(ports).size).toBe(5)
  })
})
