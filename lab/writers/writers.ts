import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { QianyunError } from '../../domain/errors.ts'
import {
  type Command,
  replySchema,
  type Tally,
  tallySchema,
  type Verdict,
  verdictSchema,
  type Verify,
  type WritersOptions,
} from './messages.ts'
import type { Range } from './writer.ts'

export type { Tally, Verdict, Verify, WritersOptions } from './messages.ts'

/** Thrown when the writers' process ended or refused a command. */
class WritersError extends QianyunError {
  override name = 'WritersError'
  readonly code = 'writers-failed'

  constructor(readonly reason: string) {
    super(`The writers failed: ${reason}. What their process printed above may say more.`)
  }
}

type Order = Command extends infer One ? (One extends Command ? Omit<One, 'id'> : never) : never

/** The writers' process as its starter sees it. It ends by itself when its starter does. */
export class Writers {
  private lastId = 0
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()

  private constructor(private readonly child: ChildProcess) {}

  /** Starts writers on the lab of `options.home`; resolved when they write. */
  static async start(options: WritersOptions): Promise<Writers> {
    const main = join(import.meta.dirname, 'main.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(options)], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const writers = new Writers(child)
    const writing = writers.reply(0)
    createInterface({ input: child.stdout }).on('line', (line) => writers.receive(line))
    child.once('exit', (code) => writers.failAll(`the process ended with ${code ?? 'a signal'}`))
    await writing
    return writers
  }

  /** Names a moment (default: now) to measure from or to. */
  async mark(name: string, atMs = performance.timeOrigin + performance.now()): Promise<void> {
    await this.order({ do: 'mark', name, atMs })
  }

  /** Counts and the longest gap of a span between two marks, without looking anything up. */
  async tally(range: Range = {}): Promise<Tally> {
    return tallySchema.parse(await this.order({ do: 'tally', ...range }))
  }

  /** Looks up every write acknowledged in a span between two marks. */
  async verify(verify: Verify = {}): Promise<Verdict> {
    const { sides = [], uploadDirs = {}, settleMs = 10_000, ...range } = verify
    return verdictSchema.parse(await this.order({ do: 'verify', sides, uploadDirs, settleMs, ...range }))
  }

  /** Holds the clients; resolved when the writes under way are through. */
  async pause(): Promise<void> {
    await this.order({ do: 'pause' })
  }

  async resume(): Promise<void> {
    await this.order({ do: 'resume' })
  }

  /** Ends the writers once the writes under way are through. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, 'exit')
    await this.order({ do: 'stop' })
    await exited
  }

  private order(order: Order): Promise<unknown> {
    const id = ++this.lastId
    const reply = this.reply(id)
    this.child.stdin?.write(`${JSON.stringify({ id, ...order })}\n`)
    return reply
  }

  private reply(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }))
  }

  private receive(line: string): void {
    const reply = replySchema.parse(JSON.parse(line))
    const waiting = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply.result)
    else waiting?.reject(new WritersError(reply.error))
  }

  private failAll(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new WritersError(reason))
    this.waiting.clear()
  }
}
