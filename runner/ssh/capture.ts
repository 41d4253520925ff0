import { StringDecoder } from 'node:string_decoder'
import type { Readable } from 'node:stream'
import type { RunOptions } from '../steps/kind.ts'
import {
  CommandAbortedError,
  CommandFailedError,
  CommandTimeoutError,
  ConnectionLostError,
  LoginShellUnusableError,
  OutputLimitError,
} from './errors.ts'
import type { Session } from './session.ts'

/** Default for commands without a signal; a caller that gives a signal sets its own limit. */
const defaultTimeoutMs = 600_000
const defaultOutputBytes = 4 * 1024 * 1024
const keptOfErrorBytes = 4_096

export interface Captured {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/**
 * Feeds a started script and collects what it prints.
 * @throws CommandFailedError, CommandTimeoutError, CommandAbortedError, OutputLimitError, ConnectionLostError,
 * LoginShellUnusableError
 */
export async function capture(
  session: Session,
  host: string,
  script: string,
  options: RunOptions,
): Promise<Captured> {
  const limitBytes = options.maxOutputBytes ?? defaultOutputBytes
  const timeoutMs = options.timeoutMs ?? (options.signal === undefined ? defaultTimeoutMs : undefined)
  const okExitCodes = options.okExitCodes ?? [0]
  let stop: Error | undefined
  const kill = (reason: Error) => {
    if (stop !== undefined) return
    stop = reason
    void session.kill()
  }
  const overLimit = () => {
    kill(new OutputLimitError(host, script, limitBytes))
  }
  const stdout = collect(session.stdout, limitBytes, overLimit, options.onOutput)
  const stderr = collect(session.stderr, limitBytes, overLimit, options.onOutput)
  const late = (afterMs: number) => {
    kill(new CommandTimeoutError(host, script, afterMs, tail(Buffer.concat(stderr))))
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs, timeoutMs)
  const abort = () => {
    kill(new CommandAbortedError(host, script))
  }
  if (options.signal?.aborted === true) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  session.stdin.end(options.stdin ?? '')
  try {
    const exitCode = await session.ended
    if (stop !== undefined) throw stop
    const captured = { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }
    if (okExitCodes.includes(exitCode)) return captured
    throw new CommandFailedError(
      host,
      script,
      exitCode,
      tail(captured.stdout),
      tail(captured.stderr),
      okExitCodes,
    )
  } catch (error) {
    const ended = error instanceof ConnectionLostError || error instanceof LoginShellUnusableError
    throw ended && stop !== undefined ? stop : error
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
  }
}

function collect(
  stream: Readable,
  limitBytes: number,
  overLimit: () => void,
  onOutput: ((chunk: string) => void) | undefined,
): Buffer[] {
  const chunks: Buffer[] = []
  const decoder = new StringDecoder('utf8')
  let sizeBytes = 0
  stream.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes > limitBytes) {
      overLimit()
      return
    }
    chunks.push(chunk)
    // A character may be split between two chunks.
    onOutput?.(decoder.write(chunk))
  })
  return chunks
}

/** Whole lines, or whole words where one line is longer: half of a secret would not be recognised. */
function tail(output: Buffer): string {
  if (output.length <= keptOfErrorBytes) return output.toString('utf8')
  const kept = output.subarray(-keptOfErrorBytes).toString('utf8')
  const end = /\n(?=[^])/.exec(kept) ?? /\s(?=[^])/.exec(kept)
  return end === null ? '…' : kept.slice(end.index + 1)
}
