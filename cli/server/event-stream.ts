import { setTimeout as sleep } from 'node:timers/promises'

import type { ApiClient } from './api-client.ts'
import { RefusedError, UnreachableError } from '../command-line/errors.ts'

/** How the program hears of changes just now. `lost`: not at all, it is trying again. */
export type Connection =
  { readonly state: 'live' | 'polling' } | { readonly state: 'lost'; readonly cause: string }

const pollEveryMs = 2_000
/** Longer than the server's heartbeat: a silent connection is taken for a dead one. */
const silenceMs = 60_000

/**
 * Gives one value when the connection is made and one for each burst of changes; what has changed is for the caller to
 * read, so that nothing is missed between two connections. Reconnects, and polls where server-sent events do not come
 * through. Ends when `signal` does.
 */
export async function* changes(
  api: ApiClient,
  migration: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Connection, void> {
  const isOver = (): boolean => signal.aborted
  for (let failures = 0; !isOver();) {
    try {
      const response = await api.fetch('streamEvents', {
        query: migration === undefined ? {} : { migration },
        headers: { accept: 'text/event-stream' },
        signal,
      })
      if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        await response.body?.cancel()
        yield* polls(signal)
        return
      }
      failures = 0
      yield { state: 'live' }
      for await (const chunk of chunks(response)) if (!isHeartbeat(chunk)) yield { state: 'live' }
      yield { state: 'lost', cause: 'closed' }
    } catch (error) {
      if (isOver()) return
      if (error instanceof RefusedError && [404, 405, 406].includes(error.problem.status)) {
        yield* polls(signal)
        return
      }
      if (!isBroken(error)) throw error
      yield { state: 'lost', cause: error.message }
    }
    failures += 1
    await sleep(Math.min(5_000, 250 * 2 ** failures), undefined, { signal }).catch(() => undefined)
  }
}

async function* polls(signal: AbortSignal): AsyncGenerator<Connection, void> {
  while (!signal.aborted) {
    yield { state: 'polling' }
    await sleep(pollEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** The text of a response as it comes. Throws when nothing has come for too long. */
async function* chunks(response: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const timer = setTimeout(() => void reader.cancel(), silenceMs)
      const { done, value } = await reader.read().finally(() => clearTimeout(timer))
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Comment lines, and how soon to come back: nothing has changed. */
const isHeartbeat = (chunk: string): boolean => /^((:|retry:)[^\n]*\n|\r?\n)*$/.test(chunk)

/** A connection that broke: undici says so with a TypeError, the client with its own error. */
function isBroken(error: unknown): error is Error {
  return error instanceof UnreachableError || error instanceof TypeError
}
