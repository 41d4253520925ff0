import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { createPaint, wantsColour, type Paint } from './paint.ts'
import { printable, printableJson } from './printable.ts'

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Where the program prints and asks. Results go to standard output, everything about them to standard error. */
export class Terminal {
  readonly paint: Paint
  readonly errPaint: Paint
  private readonly mark = `;${randomInt(1e8, 1e9)}`

  constructor(
    private readonly streams: Streams,
    variables: Readonly<Record<string, string | undefined>>,
  ) {
    this.paint = createPaint(wantsColour(streams.stdout.isTTY, variables), this.mark)
    this.errPaint = createPaint(wantsColour(streams.stderr.isTTY, variables), this.mark)
    // A reader that stops early (`| head`) ends the program quietly.
    streams.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }

  get isTty(): boolean {
    return this.streams.stdout.isTTY
  }

  /** Width of the terminal; a pipe has no end. Some terminals do not know their size and say 0. */
  get columns(): number {
    if (!this.isTty) return Number.POSITIVE_INFINITY
    return this.streams.stdout.columns > 0 ? this.streams.stdout.columns : 80
  }

  get rows(): number {
    return this.isTty && this.streams.stdout.rows > 0 ? this.streams.stdout.rows : 24
  }

  get canAsk(): boolean {
    return this.streams.stdin.isTTY
  }

  /** Prints lines of the result. What data brought along that a terminal would obey is shown instead. */
  print(lines: readonly string[]): void {
    if (lines.length > 0)
      this.streams.stdout.write(`${lines.map((line) => this.printable(line)).join('\n')}\n`)
  }

  /** Prints a document on one line, or, where a person looks and `indented` is asked for, on several. */
  printJson(document: unknown, { indented = false } = {}): void {
    this.streams.stdout.write(`${printableJson(document, indented && this.isTty ? 2 : undefined)}\n`)
  }

  /** A line as `print` would print it, for those who lay lines out themselves. */
  printable(line: string): string {
    return printable(line, this.mark)
  }

  /** Prints bytes of the result exactly as they are. */
  printBytes(bytes: Uint8Array): void {
    this.streams.stdout.write(bytes)
  }

  /** Prints control sequences; only where a person looks. */
  control(sequence: string): void {
    if (this.isTty) this.streams.stdout.write(sequence)
  }

  /** Prints a line beside the result: progress, warnings, errors. */
  note(line: string): void {
    this.streams.stderr.write(`${this.printable(line)}\n`)
  }

  /** Prints a document beside the result, on one line. */
  noteJson(document: unknown): void {
    this.streams.stderr.write(`${printableJson(document)}\n`)
  }

  /** Asks one question on standard error and gives what was typed, without the space around it. */
  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.streams.stdin, output: this.streams.stderr })
    try {
      return (await lines.question(this.printable(question))).trim()
    } finally {
      lines.close()
    }
  }
}
