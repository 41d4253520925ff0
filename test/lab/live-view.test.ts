import { describe, expect, it } from '@jest/globals'

import { displayWidth } from '../../cli/terminal/width.ts'
import { LiveView } from '../../lab/demo/live-view.ts'

/** A terminal as far as the view uses one: what stands in its rows, where a row that is full goes on in the next. */
class Terminal {
  readonly isTTY = true
  readonly rows: string[] = ['']
  private column = 0

  constructor(readonly columns: number) {}

  write(text: string): boolean {
    for (const part of text.split(/(\r|\n|\u001b\[2K|.)/su)) this.put(part)
    return true
  }

  private put(part: string): void {
    if (part === '\r') this.column = 0
    else if (part === '\n') this.nextRow()
    else if (part === '\u001b[2K') this.rows[this.rows.length - 1] = ''
    else if (part !== '') {
      if (this.column + displayWidth(part) > this.columns) this.nextRow()
      this.rows.push(`${this.rows.pop() ?? ''}${part}`)
      this.column += displayWidth(part)
    }
  }

  private nextRow(): void {
    this.rows.push('')
    this.column = 0
  }
}

const waiting = (title: string) => ({
  phase: 'recognition' as const,
  round: 2,
  waitingFor: [
    {
      code: 'task' as const,
      roles: ['owner' as const, 'provider' as const, 'vendor' as const],
      subject: 'y',
    },
  ],
  tasks: [{ id: 'y', title: { en: title, zh: title } }],
})

describe('the live view of the demo', () => {
  it.each([80, 40])('keeps its line in one row of a terminal of %i columns', (columns) => {
    const terminal = new Terminal(columns)
    const view = new LiveView(terminal)
    for (const subject of [
      '共同认可试运行结果报告'.repeat(6),
      'the report of the trial run '.repeat(5),
      'x',
    ]) {
      view.show(waiting(subject))
      expect(terminal.rows).toHaveLength(1)
      expect(displayWidth(terminal.rows[0] ?? '')).toBeLessThan(columns)
    }
    expect(terminal.rows[0]).toContain('6/9 recognition (round 2)')
  })

  it('leaves what has happened behind, whole, under its time', () => {
    const terminal = new Terminal(80)
    const view = new LiveView(terminal)
    const text = `cut over: ${Array.from({ length: 30 }, (_, n) => `write${n}`).join(' ')}`
    view.show(waiting('x'))
    view.say(text)
    view.show(waiting('y'))
    const [first = '', ...others] = terminal.rows
    expect(first).toMatch(/^\d\d:\d\d {3}cut over: write0 /)
    const told = [first.slice(8), ...others.slice(0, -1).map((row) => row.replace(/^ {8}/, ''))].join('')
    expect(told).toBe(text)
    expect(others.at(-1)).toContain('recognition')
  })
})
