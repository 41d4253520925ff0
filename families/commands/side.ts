import { setTimeout as sleep } from 'node:timers/promises'
import { saidBy } from '../../domain/errors.ts'
import type { HostPort, RemoteProcess } from '../../runner/steps/kind.ts'
import { CommandFailedError } from '../../runner/ssh/errors.ts'
import { quote } from '../../runner/ssh/quote.ts'
import type { CommandName, CommandsPlace } from './declaration.ts'
import { ColdCommandFailedError, NotInTimeError } from './errors.ts'
import { type Figures, figuresIn } from './figures.ts'
import { unframed } from './frames.ts'
import { sideFile } from './side-file.ts'

const askEveryMs = 500
const askTimeoutMs = 60_000
const startAgainMs = 10_000

interface Within {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** One side of a dataset, worked on by its own commands. */
export class CommandsSide {
  constructor(
    /** The name of the side for people. */
    readonly called: string,
    readonly place: CommandsPlace,
    readonly host: HostPort,
  ) {}

  /** The side as a sentence names it. */
  get name(): string {
    return `"${this.called}" (${this.host.name})`
  }

  /** Stops it, and waits for the proof. @throws ColdCommandFailedError; NotInTimeError */
  async halt(options: Within): Promise<void> {
    await this.carryOut('stop', options)
    await this.waitUntil('is-stopped', options)
  }

  /**
   * Starts it, and waits until it serves. What was still ending as `start` looked has to be started again.
   * @throws ColdCommandFailedError; NotInTimeError
   */
  async serve({ timeoutMs, signal }: Within): Promise<void> {
    const giveUpAtMs = Date.now() + timeoutMs
    for (;;) {
      await this.carryOut('start', { timeoutMs, ...(signal && { signal }) })
      const leftMs = giveUpAtMs - Date.now()
      try {
        await this.waitUntil('is-running', {
          timeoutMs: Math.min(startAgainMs, leftMs),
          ...(signal && { signal }),
        })
        return
      } catch (error) {
        if (!(error instanceof NotInTimeError)) throw error
        if (leftMs <= startAgainMs) throw new NotInTimeError(this.name, 'is-running', timeoutMs)
      }
    }
  }

  /** Whether `is-stopped` or `is-running` succeeds at this moment. @throws the SSH error if the host does not answer */
  async asks(name: 'is-stopped' | 'is-running'): Promise<boolean> {
    const script = `if (\n${this.script(name)}\n) >/dev/null 2>&1; then echo yes; else echo no; fi`
    const { stdout } = await this.host.run(script, { timeoutMs: askTimeoutMs })
    return stdout.trim() === 'yes'
  }

  /** Asks until it is so. @throws NotInTimeError */
  async waitUntil(name: 'is-stopped' | 'is-running', { timeoutMs, signal }: Within): Promise<void> {
    const giveUpAtMs = Date.now() + timeoutMs
    while (!(await this.asks(name))) {
      if (Date.now() >= giveUpAtMs) throw new NotInTimeError(this.name, name, timeoutMs)
      await sleep(Math.min(askEveryMs, timeoutMs), undefined, signal && { signal })
    }
  }

  /** @throws ColdCommandFailedError; FiguresUnreadableError */
  async measure(options: Within): Promise<Figures> {
    return figuresIn(this.name, await this.carryOut('measure', options))
  }

  /** Whether a `take` is under way, of whichever run. */
  async isBeingFilled(): Promise<boolean> {
    const lock = sideFile(this.place, 'take')
    const held = `[ -e ${lock} ] && command -v flock >/dev/null 2>&1 && ! flock -n ${lock} true`
    const { stdout } = await this.host.run(`if ${held}; then echo yes; fi`)
    return stdout !== ''
  }

  /** Starts `give` or `take`, whose bytes flow through the runner; those for `take` in frames. */
  async begin(name: 'give' | 'take'): Promise<RemoteProcess> {
    return this.host.start(
      name === 'give' ? this.script(name) : unframed(this.script(name), sideFile(this.place, 'take')),
    )
  }

  /** Shell that carries a command out. */
  script(name: CommandName): string {
    const { values, scripts } = this.place
    const exported = Object.entries(values).map(([known, value]) => `export QY_${known}=${quote(value)}\n`)
    return `set -e\n${exported.join('')}${scripts[name] ?? ''}`
  }

  private async carryOut(name: CommandName, options: Within): Promise<string> {
    try {
      const { stdout } = await this.host.run(this.script(name), options)
      return stdout
    } catch (error) {
      if (error instanceof CommandFailedError)
        throw new ColdCommandFailedError(this.name, name, saidBy(error), { cause: error })
      throw error
    }
  }
}
