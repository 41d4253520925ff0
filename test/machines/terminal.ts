import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const ctrlC = '\u0003'

/** A command at a terminal: what it says can be waited for, and Ctrl-C typed. */
export class Terminal {
  private text = ''
  private readonly ended: Promise<number | null>

  constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.text += text
      appendFileSync(this.log, text)
    })
    child.stdin?.on('error', () => undefined)
    this.ended = new Promise((resolve) => child.once('close', resolve))
  }

  get said(): string {
    return this.text
  }

  /** Throws Error when the command ends before it has said it. */
  async sees(wanted: string): Promise<void> {
    while (!this.text.includes(wanted)) {
      if (this.child.exitCode !== null) throw new Error(`It ended without saying "${wanted}": ${this.text}`)
      await sleep(200)
    }
  }

  /** Gives the exit code. */
  async pressCtrlC(): Promise<number | null> {
    this.child.stdin?.write(ctrlC)
    return this.ended
  }

  async end(): Promise<number | null> {
    return this.ended
  }
}
