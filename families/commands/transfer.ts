import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { inForeignWords, said } from '../../domain/words/said.ts'
import type { RemoteProcess } from '../../runner/steps/kind.ts'
import type { CommandName } from './declaration.ts'
import { ColdCommandFailedError, NoCommandError } from './errors.ts'
import { Frames, lastFrame } from './frames.ts'
import type { CommandsSide } from './side.ts'

export interface TransferOptions {
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** What a `give` has printed: how many bytes, and their SHA-256 in hex. */
export interface Given {
  readonly bytes: number
  readonly digest: string
}

const tellEveryMs = 15_000
const keptWords = 2_000

/**
 * Lets what `give` of one side prints flow into `take` of the other one. Neither host logs in to the other.
 * @returns what went over
 * @throws NoCommandError; ColdCommandFailedError of whichever ended with an error first
 */
export async function transfer(
  from: CommandsSide,
  to: CommandsSide,
  { signal, say }: TransferOptions,
): Promise<Given> {
  if (from.place.scripts.give === undefined) throw new NoCommandError(from.name, 'give')
  if (to.place.scripts.take === undefined) throw new NoCommandError(to.name, 'take')
  signal.throwIfAborted()
  const taking = await to.begin('take')
  return withProcess(taking, signal, async () => {
    const giving = await from.begin('give')
    return withProcess(giving, signal, async () => flow({ from, to, giving, taking, say, signal }))
  })
}

/** Has a side print everything there is, to nobody. @throws NoCommandError; ColdCommandFailedError */
export async function givenBy(
  side: CommandsSide,
  { signal }: Pick<TransferOptions, 'signal'>,
): Promise<Given> {
  if (side.place.scripts.give === undefined) throw new NoCommandError(side.name, 'give')
  const giving = await side.begin('give')
  return withProcess(giving, signal, async () => {
    const words = wordsOf(giving.stderr)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of giving.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
    assertEnded(side, 'give', await giving.ended, words())
    return { bytes, digest: hash.digest('hex') }
  })
}

/** Does something with a process that is killed on its host where that fails, or the signal fires. */
async function withProcess<T>(
  process: RemoteProcess,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const kill = async (): Promise<void> => process.kill().catch(() => undefined)
  const onAbort = (): void => void kill()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    // It may have fired while the process was started, when nobody listened.
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    await kill()
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

interface Flow {
  readonly from: CommandsSide
  readonly to: CommandsSide
  readonly giving: RemoteProcess
  readonly taking: RemoteProcess
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

async function flow({ from, to, giving, taking, say, signal }: Flow): Promise<Given> {
  const frames = new Frames()
  const words = { give: wordsOf(giving.stderr), take: wordsOf(taking.stderr) }
  taking.stdout.resume()
  const telling = setInterval(() => say(`${String(frames.bytes)} bytes so far`), tellEveryMs)
  try {
    const flowing = pipeline(giving.stdout, frames, taking.stdin, { signal, end: false })
    // A `take` that ends early breaks the stream under the other one: its own words are the reason.
    const took = taking.ended
    const broken = await Promise.race([
      flowing.then(() => undefined),
      took.then(() => 'taken' as const),
    ]).catch((error: unknown) => error)
    if (broken !== undefined) {
      assertEnded(to, 'take', await endedSoon(took), words.take())
      if (broken instanceof Error) throw broken
      throw new ColdCommandFailedError(to.name, 'take', said('cold-ended-early'))
    }
    // Only what was printed to a good end is all there is: `take` is told of no other end.
    assertEnded(from, 'give', await giving.ended, words.give())
    taking.stdin.end(lastFrame)
    assertEnded(to, 'take', await took, words.take())
    return { bytes: frames.bytes, digest: frames.digest() }
  } finally {
    clearInterval(telling)
  }
}

const endsWithinMs = 5_000

/** The exit code of what is ending; 0 where it does not come to end. */
async function endedSoon(ended: Promise<number>): Promise<number> {
  const late = new Promise<number>((resolve) => setTimeout(resolve, endsWithinMs, 0).unref())
  return Promise.race([ended, late]).catch(() => 0)
}

function assertEnded(side: CommandsSide, command: CommandName, exitCode: number, words: string): void {
  if (exitCode === 0) return
  throw new ColdCommandFailedError(side.name, command, inForeignWords(`exit code ${exitCode}: ${words}`))
}

/** The last words on a stream. */
function wordsOf(stream: RemoteProcess['stderr']): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = `${text}${chunk.toString('utf8')}`.slice(-keptWords)
  })
  return () => text.trim()
}
