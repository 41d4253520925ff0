import { createInterface } from 'node:readline/promises'
import { createPaint, wantsColour, type Paint } from './paint.ts'

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Where the program prints and asks. Results go to standard output, everything about them to standard error. */
export class Terminal {
  readonly paint: Paint
  readonly errPaint: Paint

  constructor(
    private readonly streams: Streams,
    variables: Readonly<Record<string, string | undefined>>,
  ) {
    this.paint = createPaint(wantsColour(streams.stdout.isTTY, variables))
    this.errPaint = createPaint(wantsColour(streams.stderr.isTTY, variables))
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

  /** Prints lines of the result. */
  print(lines: string | readonly string[]): void {
    const all = typeof lines === 'string' ? [lines] : lines
    if (all.length > 0) this.streams.stdout.write(`${all.join('\n')}\n`)
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
    this.streams.stderr.write(`${line}\n`)
  }

  /** Asks one question on standard error and gives what was typed, without the space around it. */
  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.streams.stdin, output: this.streams.stderr })
    try {
      return (await lines.question(question)).trim()
    } finally {
      lines.close()
    }
  }
}
