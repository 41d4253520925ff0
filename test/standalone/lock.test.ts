import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from '@jest/globals'

import { endLeftBehind } from '../../standalone/left-behind.ts'
import { findRunningStack, readStackRecord, StackLock, StackRunningError } from '../../standalone/lock.ts'
import { identify, stillRuns } from '../../standalone/process-identity.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const path = join(useHomeFolder(), 'standalone.json')
const stack = {
  ports: { api: 7070, temporal: 7233, temporalUi: 8233, postgres: 7432 },
  page: 'http://127.0.0.1:7070',
}
let held: StackLock | undefined

afterEach(() => {
  held?.release()
  held = undefined
})

function take(): StackLock {
  held = StackLock.take(path, stack)
  return held
}

describe('StackLock', () => {
  it('refuses a second stack, naming the process and the page of the first', () => {
    take()
    const second = () => StackLock.take(path, stack)

    expect(second).toThrow(StackRunningError)
    expect(second).toThrow(`The stack runs already: process ${process.pid}, page http://127.0.0.1:7070.`)
  })

  it('is readable by its owner only', () => {
    take()

    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is free again after its release', () => {
    take().release()

    expect(findRunningStack(path)).toBeUndefined()
    expect(() => take()).not.toThrow()
  })

  it('takes over from a process that was killed, and ends what that one left running', async () => {
    const orphan = spawn('sleep', ['60'], { detached: true })
    const orphanEnded = once(orphan, 'exit')
    const record = {
      pid: await pidOfThePast(),
      startTicks: 1,
      startedAt: '2026-01-01T00:00:00Z',
      ...stack,
      processes: [{ name: 'temporal', stopSignal: 'SIGTERM', ...identify(orphan.pid!)! }],
    }
    writeFileSync(path, JSON.stringify(record))

    const lock = take()
    expect(lock.leftBehind.map(({ name }) => name)).toEqual(['temporal'])
    const said: string[] = []
    await endLeftBehind(lock.leftBehind, (line) => said.push(line))

    await orphanEnded
    expect(said).toEqual(['An earlier stack was killed; ending what it left: temporal.'])
    expect(readStackRecord(path)?.pid).toBe(process.pid)
  })

  it('leaves a process alone that only has the pid of one left behind', () => {
    const self = { name: 'postgres', stopSignal: 'SIGINT', pid: process.pid, startTicks: 1 }
    writeFileSync(
      path,
      JSON.stringify({ pid: 2 ** 22, startTicks: 1, startedAt: '', ...stack, processes: [self] }),
    )

    expect(take().leftBehind).toEqual([])
  })
})

describe('stillRuns', () => {
  it('tells a process from a later one with its pid', () => {
    const self = identify(process.pid)!

    expect(stillRuns(self)).toBe(true)
    expect(stillRuns({ ...self, startTicks: self.startTicks! - 1 })).toBe(false)
  })
})

async function pidOfThePast(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid!
}
