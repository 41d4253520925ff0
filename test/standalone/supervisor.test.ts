import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { RunningProcess } from '../../standalone/lock.ts'
import { ProcessNotReadyError, type ProcessSpec } from '../../standalone/managed-process.ts'
import { identify } from '../../standalone/process-identity.ts'
import { Supervisor } from '../../standalone/supervisor.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
const repository = join(import.meta.dirname, '..', '..')
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
    boundBy: 'signal',
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

  it('has ended a process that was never ready before it says so, and may start it again', async () => {
    const pidPath = join(home, 'slow.pid')
    const script = `
      import { existsSync, writeFileSync } from 'node:fs'
      if (existsSync(${JSON.stringify(pidPath)})) console.log(JSON.stringify({ ready: true }))
      writeFileSync(${JSON.stringify(pidPath)}, String(process.pid))
      setInterval(() => {}, 1000)`
    let seen = false
    const ready = async () => (seen ||= existsSync(pidPath)) && false
    const slow = program('slow', script, { ready, readyTimeoutMs: 300 })
    while (!seen) await expect(supervisor.start(slow)).rejects.toThrow('was not ready')
    const first = Number(readFileSync(pidPath, 'utf8'))

    expect(identify(first)).toBeUndefined()
    expect(running).toEqual([])

    await supervisor.start({ ...slow, ready: 'line', readyTimeoutMs: 30_000 })
    expect(running.map(({ name }) => name)).toEqual(['slow'])
  })

  it.each([
    ['signal', 'SIGINT', []],
    ['standard input', 'SIGTERM', ['--import', join(repository, 'standalone/end-with-parent.mjs')]],
  ] as const)(
    'has its processes end in order when it was killed, by %s',
    async (boundBy, stopSignal, preload) => {
      const endedPath = join(home, `ended by ${boundBy}`)
      // A second signal would end it before it has written; what it prints then is read by nobody.
      const script = `
      import { appendFileSync } from 'node:fs'
      process.once('${stopSignal}', () => {
        console.log('ending')
        setTimeout(() => { appendFileSync(${JSON.stringify(endedPath)}, 'in order'); process.exit() }, 300)
      })
      if ('${boundBy}' === 'signal') process.on('${stopSignal}', () => {})
      ${readyAndStay}`
      const ours = program('child', script, { boundBy, stopSignal })
      const child = { ...ours, args: [...preload, ...ours.args] }
      const parentScript = `
      import { Supervisor } from ${JSON.stringify(join(repository, 'standalone/supervisor.ts'))}
      const supervisor = new Supervisor(() => {}, () => {})
      await supervisor.start(${JSON.stringify(child)})
      console.log(JSON.stringify({ ready: true, child: supervisor.pid('child') }))`
      const args = ['--import', 'tsx', join(home, 'parent.mjs')]
      const parent = program('parent', parentScript, { args, cwd: repository, readyTimeoutMs: 60_000 })
      const { child: pid } = await supervisor.start(parent)

      process.kill(supervisor.pid('parent')!, 'SIGKILL')

      await until(() => identify(Number(pid)) === undefined)
      expect(readFileSync(endedPath, 'utf8')).toBe('in order')
    },
    90_000,
  )

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
