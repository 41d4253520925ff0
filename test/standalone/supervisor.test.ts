import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { RunningProcess } from '../../standalone/lock.ts'
import { ProcessNotReadyError, type ProcessSpec } from '../../standalone/managed-process.ts'
import { identify } from '../../standalone/process-identity.ts'
import { Supervisor } from '../../standalone/supervisor.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
let said: string[]
let running: RunningProcess[]
let supervisor: Supervisor
let names: string[]

beforeEach(() => {
  said = []
  names = []
  supervisor = new Supervisor(
    (line) => said.push(line),
    (processes) => (running = processes),
  )
})

afterEach(() => supervisor.stop([names]))

/** A process that runs a few lines of JavaScript. */
function program(name: string, script: string, change: Partial<ProcessSpec> = {}): ProcessSpec {
  names.push(name)
  const path = join(home, `${name}.mjs`)
  writeFileSync(path, script)
  return {
    name,
    command: process.execPath,
    args: [path],
    cwd: home,
    env: { PATH: process.env['PATH'] },
    logPath: join(home, `${name}.log`),
    ready: 'line',
    readyTimeoutMs: 10_000,
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    ...change,
  }
}

const readyAndStay = `console.log(JSON.stringify({ ready: true, port: 1 })); setInterval(() => {}, 1000)`

describe('Supervisor', () => {
  it('waits until a process says that it is ready', async () => {
    const line = await supervisor.start(program('ready', `console.log('starting'); ${readyAndStay}`))

    expect(line).toEqual({ ready: true, port: 1 })
    expect(running).toEqual([{ name: 'ready', stopSignal: 'SIGTERM', ...identify(supervisor.pid('ready')!) }])
    expect(statSync(join(home, 'ready.log')).mode & 0o007).toBe(0)
  })

  it('shows the end of the log of a process that fails to start', async () => {
    const starting = supervisor.start(program('failing', `throw new Error('no such table')`))

    await expect(starting).rejects.toThrow(ProcessNotReadyError)
    await expect(starting).rejects.toThrow(
      /^"failing" ended with exit code 1\. The end of its log, .*failing\.log:\n(.*\n)*.*no such table/,
    )
  })

  it('gives up on a process that is never ready', async () => {
    const silent = program('silent', 'setInterval(() => {}, 1000)', { readyTimeoutMs: 300 })

    await expect(supervisor.start(silent)).rejects.toThrow('"silent" was not ready after 0.3 s')
  })

  it('starts a killed process again and says so in a line', async () => {
    await supervisor.start(program('worker', readyAndStay))
    const first = supervisor.pid('worker')!
    process.kill(first, 'SIGKILL')

    await until(() => said.some((line) => line.startsWith('worker runs again')))

    expect(said[0]).toMatch(/^worker ended \(signal SIGKILL\); it is started again in 1 s\. Its log: /)
    expect(supervisor.pid('worker')).not.toBe(first)
  })

  it('ends also what its processes started', async () => {
    const script = `
      import { spawn } from 'node:child_process'
      const child = spawn('sleep', ['600'])
      console.log(JSON.stringify({ ready: true, child: child.pid })); setInterval(() => {}, 1000)`
    const { child } = await supervisor.start(program('parent', script))

    await supervisor.stop([['parent']])

    await until(() => identify(Number(child)) === undefined)
    expect(said).toEqual([])
  })

  it('kills a process that does not end in its grace, and says so', async () => {
    const script = `process.on('SIGTERM', () => {}); ${readyAndStay}`
    await supervisor.start(program('stubborn', script, { stopGraceMs: 200 }))

    await supervisor.stop([['stubborn']])

    expect(said).toEqual(['stubborn did not end within 0.2 s and was killed.'])
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}
