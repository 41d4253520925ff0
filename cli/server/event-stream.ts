import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as sleep } from 'node:timers/promises'

import { followStream, type StreamState } from '../../api/contract/follow-stream.mjs'
import type { ApiClient } from './api-client.ts'
import { CliError, RefusedError, UnreachableError } from '../command-line/errors.ts'

/** How the program hears of changes just now. `lost`: not at all, it is trying again. */
export type Connection = StreamState | { readonly state: 'polling' }

const pollEveryMs = 2_000
const silenceMs = 60_000

/**
 * Gives one value when the connection is made and one for each burst of changes; what has changed is for the caller to
 * read. Reconnects, and polls where server-sent events do not come through. Ends when `signal` does.
 */
export async function* changes(
  api: ApiClient,
  migration: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Connection, void> {
  const query = migration === undefined ? {} : { migration }
  const headers = { accept: 'text/event-stream' }
  const open = async () => {
    const answer = await api.fetch('streamEvents', { query, headers, signal })
    if (answer.type.startsWith('text/event-stream'))
      return Readable.toWeb(answer.stream) as ReadableStream<Uint8Array>
    answer.drop()
    throw new NoStreamError()
  }
  try {
    yield* followStream({ open, isLoss: isBroken, signal, silenceMs })
  } catch (error) {
    if (!isWithoutStream(error)) throw error
    yield* polls(signal)
  }
}

/** Something between answered the request for a stream with something else. */
class NoStreamError extends Error {}

const isWithoutStream = (error: unknown): boolean =>
  error instanceof NoStreamError ||
  (error instanceof RefusedError && [404, 405, 406].includes(error.problem.status))

async function* polls(signal: AbortSignal): AsyncGenerator<Connection, void> {
  while (!signal.aborted) {
    yield { state: 'polling' }
    await sleep(pollEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** A connection that broke: Node says so with a code, the client with its own error. */
function isBroken(error: unknown): boolean {
  if (error instanceof CliError) return error instanceof UnreachableError
  return error instanceof Error && 'code' in error
}
