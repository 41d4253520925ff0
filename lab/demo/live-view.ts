import type { MigrationView } from '../../api/contract.ts'
import { phases } from '../../api/contract.ts'
import { cutToWidth, wrapToWidth } from '../../cli/terminal/width.ts'

/** What a person sees while the demo runs: one line that stays current, and one for each thing that has happened. */
export class LiveView {
  private readonly startedAtMs = Date.now()
  private shown = ''

  constructor(private readonly output: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>) {}

  /** The line that stays: phase, step, elapsed, what is waited for. Piped, a change of phase or step is a line. */
  show(m: Pick<MigrationView, 'phase' | 'round' | 'step' | 'waitingFor'>): void {
    const place = `${phases.indexOf(m.phase) + 1}/${phases.length} ${m.phase}`
    const waiting = m.waitingFor.map((w) =>
      w.roles.length > 0 ? `${w.roles.join(', ')}: ${w.subject}` : w.code,
    )
    const doing = m.step ? m.step.id : waiting.length > 0 ? `waits for ${waiting.join('; ')}` : 'goes on'
    const line = `${place} (round ${m.round}) · ${doing}`
    if (this.output.isTTY) {
      // A line that wraps cannot be overwritten, and a full one wraps when the cursor moves on.
      this.output.write(`\r\u001b[2K${cutToWidth(`${this.elapsed()} ${line}`, this.columns - 1)}`)
    } else if (line !== this.shown) {
      this.output.write(`${this.elapsed()} ${line}\n`)
    }
    this.shown = line
  }

  /** A line that stays behind; on a terminal it goes on below itself where it is too long. */
  say(text: string): void {
    const time = `${this.elapsed()}   `
    if (!this.output.isTTY) {
      this.output.write(`${time}${text}\n`)
      return
    }
    const lines = wrapToWidth(text, this.columns - 1 - time.length)
    this.output.write(`\r\u001b[2K${time}${lines.join(`\n${' '.repeat(time.length)}`)}\n`)
  }

  /** Some terminals say 0. */
  private get columns(): number {
    return this.output.columns || 80
  }

  private elapsed(): string {
    const seconds = Math.floor((Date.now() - this.startedAtMs) / 1000)
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
  }
}
