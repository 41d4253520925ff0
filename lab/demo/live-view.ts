import type { MigrationView } from '../../api/contract.ts'
import { phases } from '../../api/contract.ts'

/** What a person sees while the demo runs: one line that stays current, and one for each thing that has happened. */
export class LiveView {
  private readonly startedAtMs = Date.now()
  private shown = ''

  constructor(private readonly output: NodeJS.WriteStream) {}

  /** The line that stays: phase, step, elapsed, what is waited for. Piped, a change of phase or step is a line. */
  show(m: MigrationView): void {
    const place = `${phases.indexOf(m.phase) + 1}/${phases.length} ${m.phase}`
    const waiting = m.waitingFor.map((w) =>
      w.roles.length > 0 ? `${w.roles.join(', ')}: ${w.subject}` : w.code,
    )
    const doing = m.step ? m.step.id : waiting.length > 0 ? `waits for ${waiting.join('; ')}` : 'goes on'
    const line = `${place} (round ${m.round}) · ${doing}`
    if (this.output.isTTY) {
      this.output.write(`\r\u001b[2K${this.elapsed()} ${line}`)
    } else if (line !== this.shown) {
      this.output.write(`${this.elapsed()} ${line}\n`)
    }
    this.shown = line
  }

  /** A line that stays behind. */
  say(text: string): void {
    this.output.write(`${this.output.isTTY ? '\r\u001b[2K' : ''}${this.elapsed()}   ${text}\n`)
  }

  private elapsed(): string {
    const seconds = Math.floor((Date.now() - this.startedAtMs) / 1000)
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
  }
}
