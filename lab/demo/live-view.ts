import { phases, type MigrationView, type WaitingFor } from '../../api/contract.ts'
import { cutToWidth, wrapToWidth } from '../../cli/terminal/width.ts'
import { nameOf } from '../../domain/words/said.ts'
import { language } from '../../standalone/sentences.ts'
import { says } from './sentences.ts'

/** The part of a move that the view shows. */
interface Shown extends Pick<MigrationView, 'phase' | 'round' | 'step' | 'waitingFor'> {
  readonly tasks: readonly Pick<MigrationView['tasks'][number], 'id' | 'title'>[]
}

/** What a person sees while the demo runs: one line that stays current, and one for each thing that has happened. */
export class LiveView {
  private readonly startedAtMs = Date.now()
  private shown = ''

  constructor(private readonly output: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>) {}

  /** The line that stays: phase, step, elapsed, what is waited for. Piped, a change of phase or step is a line. */
  show(m: Shown): void {
    const waiting = m.waitingFor.map((w) => waitingText(w, m.tasks))
    const doing = m.step
      ? nameOf(language, 'step', m.step.id)
      : waiting.length > 0
        ? says.waitsFor(waiting)
        : says.goesOn
    const phase = nameOf(language, 'phase', m.phase)
    const line = says.place(phases.indexOf(m.phase) + 1, phases.length, phase, m.round, doing)
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

/** Who has to do what: a task by its title. */
function waitingText({ code, roles, subject }: WaitingFor, tasks: Shown['tasks']): string {
  const title = tasks.find(({ id }) => id === subject)?.title[language]
  const what = code === 'task' ? (title ?? subject) : nameOf(language, 'wait', code)
  if (roles.length === 0) return what
  return says.ofRoles(
    roles.map((role) => nameOf(language, 'role', role)),
    what,
  )
}
