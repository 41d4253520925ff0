import type { Terminal } from './terminal.ts'
import { cutToWidth, wrapToWidth } from './width.ts'

const clearFrom = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A\r\u001b[J`)

export interface Drawing {
  readonly lines: readonly string[]
  /** Wrapped by default; rows of a table are cut, so that each stays one row. */
  readonly longLines?: 'cut'
  /** Shown below as far as there is room: its newest lines. */
  readonly log?: readonly string[]
  /** Always the last line. */
  readonly status: string
}

/** Lines drawn over and over in the same place of a terminal. */
export class Screen {
  private drawn = 0

  constructor(private readonly terminal: Terminal) {}

  /** Replaces what was drawn. Long lines are broken here: one that the terminal breaks itself could not be taken back. */
  draw(drawing: Drawing): void {
    const shown = (line: string): string => this.terminal.printable(line)
    const [lines, log] = [drawing.lines.map(shown), (drawing.log ?? []).map(shown)]
    const status = shown(drawing.status)
    const { columns, rows } = this.terminal
    const room = Math.max(1, rows - 2)
    const main = lines
      .flatMap((line) =>
        drawing.longLines === 'cut' ? [cutToWidth(line, columns)] : wrapToWidth(line, columns),
      )
      .slice(0, room)
    const left = room - main.length - 1
    const shownLog = left > 0 ? log.slice(-left).map((line) => cutToWidth(line, columns)) : []
    const visible = [...main, ...(shownLog.length > 0 ? ['', ...shownLog] : []), cutToWidth(status, columns)]
    this.terminal.control(`${clearFrom(this.drawn)}${visible.join('\n')}\n`)
    this.drawn = visible.length
  }
}
