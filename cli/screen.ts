import type { Terminal } from './terminal/terminal.ts'
import { cutToWidth } from './terminal/width.ts'

const clearFrom = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A\r\u001b[J`)

/** Lines drawn over and over in the same place of a terminal. */
export class Screen {
  private drawn = 0

  constructor(
    private readonly terminal: Terminal,
    private readonly rows: () => number = () => process.stdout.rows,
  ) {}

  /** Replaces what was drawn. Lines too many or too long for the terminal are cut: a wrapped line could not be taken back. */
  draw(lines: readonly string[]): void {
    const visible = lines
      .slice(0, Math.max(1, this.rows() - 1))
      .map((line) => cutToWidth(line, this.terminal.columns))
    this.terminal.control(`${clearFrom(this.drawn)}${visible.join('\n')}\n`)
    this.drawn = visible.length
  }
}
