import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, describe, expect, it } from '@jest/globals'

import { chooseHome } from '../../config/home.mjs'
import { removeLab } from '../../lab/lab.ts'
import { findFreePorts } from '../../standalone/ports.ts'
import { findRunningStack } from '../../standalone/lock.ts'
import { useHomeFolder } from '../support/home-folder.ts'
import { englishIn } from '../support/in-chinese.ts'

const folder = useHomeFolder()
const home = join(folder, 'home')
const usualHome = chooseHome({ env: {} }).path
const repository = join(import.meta.dirname, '..', '..')

afterEach(async () => {
  await removeLab(home)
  rmSync(home, { recursive: true, force: true })
}, 120_000)

/** What `npm start` runs, in a home of its own, up to where it says how to end it. */
async function start(
  before: readonly string[],
  args: readonly string[],
): Promise<ChildProcess & { said: () => string }> {
  mkdirSync(home, { recursive: true, mode: 0o755 })
  for (const programs of ['bin', 'postgresql-18'])
    symlinkSync(join(usualHome, programs), join(home, programs))
  const [api, temporal, temporalUi, postgres] = await findFreePorts(4)
  const program = [process.execPath, '--import', 'tsx', join(repository, 'standalone/main.ts'), ...args]
  const whole = before.length === 0 ? program : [...before, program.join(' ')]
  const child = spawn(whole[0]!, whole.slice(1), {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      QIANYUN_HOME: home,
      QIANYUN_API_PORT: String(api),
      QIANYUN_TEMPORAL_PORT: String(temporal),
      QIANYUN_TEMPORAL_UI_PORT: String(temporalUi),
      QIANYUN_POSTGRES_PORT: String(postgres),
    },
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  while (!/Ctrl-C (ends it|结束；)/.test(text)) {
    if (child.exitCode !== null) throw new Error(`The start ended: ${text}`)
    await sleep(100)
  }
  return Object.assign(child, { said: () => text })
}

/** Every process that names the home in its arguments, its environment, or as the folder it works in. */
function processesOfHome(): string[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !/^State:\s+Z/m.test(read(`/proc/${name}/status`)))
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(home)))
}

async function untilNoneIsLeft(): Promise<void> {
  while (processesOfHome().length > 0) await sleep(200)
}

describe('npm start', () => {
  it('leaves nothing running when it is killed and its folder removed', async () => {
    await start([], [])
    process.kill(findRunningStack(join(home, 'standalone.json'))!.pid, 'SIGKILL')
    // What goes on until it notices may write into a folder while it is being removed.
    rmSync(home, { recursive: true, force: true, maxRetries: 50, retryDelay: 50 })

    await untilNoneIsLeft()
    expect(processesOfHome()).toEqual([])
  }, 300_000)

  it('says all in Chinese, and ends all it started when its terminal is closed', async () => {
    const terminal = await start(
      ['script', '--quiet', '--return', '--flush', '/dev/null', '--command'],
      ['--no-lab', '--lang', 'zh'],
    )
    expect(findRunningStack(join(home, 'standalone.json'))?.processes).toHaveLength(5)

    // Without the lab there is no move to show: what to type next is told, and a page that is signed in at a terminal.
    expect(terminal.said()).toContain('npx qianyun system import docs/example/systems.csv')
    expect(terminal.said()).toContain('/#token=')

    const lines = terminal
      .said()
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(lines.some((line) => line.includes('temporal 已就绪，地址 127.0.0.1:'))).toBe(true)
    expect(lines.map(englishIn).filter((english) => english !== undefined)).toEqual([])

    terminal.kill('SIGKILL')

    await untilNoneIsLeft()
    // A lock that is gone was given back: all was ended in order.
    expect(readdirSync(home)).not.toContain('standalone.json')
  }, 300_000)
})
