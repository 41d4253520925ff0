import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestEntry } from '../test/support/postgres-entry.ts'
import { guardianOf } from './blows.ts'

/** What a runner is told, as its one argument. */
export interface RunnerOrder {
  readonly from: { readonly role: 'source' | 'target'; readonly port: number; readonly database: string }
  readonly to: RunnerOrder['from']
  readonly entry: Pick<TestEntry, 'port' | 'databasesFile' | 'adminUser' | 'adminPassword'>
  readonly bounds: Readonly<Record<string, number | boolean>>
}

/** A runner that carries one switch out in a process of its own. */
export class Runner {
  private readonly child: ChildProcess
  /** The code of its failure; undefined when it did its work, or was killed. */
  readonly ended: Promise<string | undefined>

  constructor(order: RunnerOrder, onPart: (part: string) => void) {
    const main = join(import.meta.dirname, 'runner-main.ts')
    this.child = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    this.child.stdout?.on('data', (chunk: Buffer) => {
      for (const part of String(chunk).split('\n').filter(Boolean)) onPart(part)
    })
    this.child.stderr?.on('data', (chunk: Buffer) => (said = String(chunk).trim()))
    this.ended = once(this.child, 'exit').then(([code]) => (code === 1 ? said : undefined))
  }

  /** With its guardian, nobody is left who looks after the switch. */
  kill(withGuardian: boolean): void {
    const guardian = withGuardian ? guardianOf(this.child.pid ?? 0) : undefined
    if (guardian !== undefined) process.kill(guardian, 'SIGKILL')
    this.child.kill('SIGKILL')
  }

  freeze(): void {
    this.child.kill('SIGSTOP')
  }

  thaw(): void {
    this.child.kill('SIGCONT')
  }
}
