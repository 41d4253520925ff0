import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

import { chooseHome } from '../../config/home.mjs'
import type { DemoSummary } from '../../lab/demo/summary.ts'
import { homeBinaries } from '../../standalone/layout.ts'
import { findBinaries, repository } from '../../standalone/programs.ts'

/** What the demo left behind when it had ended. */
export interface DemoRun {
  readonly exitCode: number | null
  /** The last line of its standard output. */
  readonly summary: DemoSummary
  /** What it told people, line by line. */
  readonly said: readonly string[]
}

/** The demo in a process of its own, as `npm run demo` runs it once everything is set up. */
export class Demo {
  private readonly child
  private readonly said: string[] = []
  private lastLine = ''

  /** `home` is a folder of the demo's own; the programs that the set-up has put into the usual one are linked into it. */
  constructor(home: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const here = homeBinaries(home)
    const usual = findBinaries(home)
    symlinkSync(dirname(usual.temporal), dirname(here.temporal))
    symlinkSync(usual.postgres, here.postgres)
    const mariadb = join(chooseHome().path, 'mariadb')
    if (existsSync(mariadb)) symlinkSync(mariadb, join(home, 'mariadb'))
    this.child = spawn(process.execPath, ['--import', 'tsx', 'lab/demo/main.ts', '--json', ...args], {
      cwd: repository,
      env: { PATH: process.env['PATH'], HOME: home, QIANYUN_HOME: home, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    createInterface({ input: this.child.stdout }).on('line', (line) => (this.lastLine = line))
    createInterface({ input: this.child.stderr }).on('line', (line) => this.said.push(line))
  }

  /** Waits for its end. Throws what it said last when it ended without a summary. */
  async ended(): Promise<DemoRun> {
    await once(this.child, 'close')
    const { exitCode } = this.child
    if (!this.lastLine.startsWith('{')) {
      throw new Error(`The demo ended with ${exitCode ?? 'a signal'}:\n${this.said.slice(-40).join('\n')}`)
    }
    return { exitCode, summary: JSON.parse(this.lastLine) as DemoSummary, said: this.said }
  }

  /** Ends it, and what it has started with it, when it still runs. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const closed = once(this.child, 'close')
    this.child.kill('SIGTERM')
    await closed
  }
}

/** The command lines of all processes that name a folder in their arguments or their environment. */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => `${read(pid, 'cmdline')}\0${read(pid, 'environ')}`.includes(folder))
    .map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '))
}

/** Empty for a process that has ended meanwhile, or is somebody else's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
