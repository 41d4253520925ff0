import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, describe, expect, it } from '@jest/globals'

const repository = join(import.meta.dirname, '..', '..')
const started: ChildProcess[] = []

afterAll(() => started.forEach((child) => child.kill('SIGKILL')))

/** A program with three steps of an ending, that says which it takes. It ends when its standard input does. */
async function program(): Promise<{
  child: ChildProcess
  said: () => string
  sees: (text: string) => Promise<void>
}> {
  const script = `
    import { writeSync } from 'node:fs'
    import { onEndRequests } from ${JSON.stringify(pathToFileURL(join(repository, 'standalone/end-requests.ts')).href)}
    const say = (text) => writeSync(3, text + '\\n')
    onEndRequests([() => say('in order'), () => say('at once'), () => say('without waiting')])
    // What is written after a signal has been taken, so that a test knows that nothing more comes of it.
    process.on('SIGUSR2', () => say('seen'))
    process.stdin.on('data', () => console.log('to whom it may concern')).on('end', () => process.exit())
    say('up')`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
  })
  started.push(child)
  let text = ''
  child.stdio[3]!.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const sees = async (wanted: string) => {
    while (!text.includes(wanted)) {
      if (child.exitCode !== null) throw new Error(`ended, having said: ${text}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    text = text.replace(wanted, '')
  }
  await sees('up\n')
  return { child, said: () => text, sees }
}

describe('a request to end', () => {
  it('is one, when a closed terminal, npm and a manager of services send several signals for it', async () => {
    const { child, said, sees } = await program()

    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGHUP', 'SIGTERM'] as const) {
      child.kill(signal)
      child.kill('SIGUSR2')
      await sees('seen\n')
    }

    expect(said()).toBe('in order\n')
  })

  it('is one, when npm passes on the Ctrl-C that the terminal has sent already', async () => {
    const { child, said, sees } = await program()

    child.kill('SIGINT')
    await sees('in order\n')
    child.kill('SIGINT')
    child.kill('SIGUSR2')
    await sees('seen\n')

    expect(said()).toBe('')
  })

  it('is a second and a third one, when Ctrl-C is pressed again', async () => {
    const { child, sees } = await program()

    for (const step of ['in order\n', 'at once\n', 'without waiting\n']) {
      // Longer than npm takes to repeat a keystroke.
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      child.kill('SIGINT')
      await sees(step)
    }

    expect(child.exitCode).toBeNull()
  })

  it('is what an output says that nobody reads any more', async () => {
    const { child, sees } = await program()

    child.stdout!.destroy()
    while (child.exitCode === null) {
      child.stdin!.write('go on\n')
      const taken = await Promise.race([sees('in order\n').then(() => true), pause()])
      if (taken === true) break
    }

    expect(child.exitCode).toBeNull()
  })
})

function pause(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 200))
}
