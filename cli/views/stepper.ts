import { phases, type MigrationView } from '../../api/contract.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { Session } from '../identity/session.ts'
import { displayWidth } from '../terminal/width.ts'

/** The nine phases in a row: done, here, still to come. Shape and colour both tell. Broken where the terminal ends. */
export function stepper(session: Session, view: Pick<MigrationView, 'phase' | 'standing'>): string[] {
  const { paint, say } = session
  const here = phases.indexOf(view.phase)
  const marks = phases.map((phase, index) => {
    const name = say(names.phase[phase])
    if (index < here || view.standing === 'closed') return paint.good(`✓ ${name}`)
    if (index > here) return paint.quiet(`· ${name}`)
    if (view.standing === 'aborted' || view.standing === 'ended-outside') return paint.bad(`✗ ${name}`)
    return view.standing === 'moving' ? paint.accent(`▶ ${name}`) : paint.warn(`‖ ${name}`)
  })
  return wrap(marks, Math.min(session.terminal.columns, 120))
}

function wrap(marks: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const mark of marks) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(last) + 2 + displayWidth(mark) <= width)
      lines[lines.length - 1] = `${last}  ${mark}`
    else lines.push(mark)
  }
  return lines
}
