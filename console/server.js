import { followStream } from '../api/contract/follow-stream.mjs'

const tokenKey = 'qianyun-token'

export const token = {
  get: () => sessionStorage.getItem(tokenKey) ?? '',
  keep: (value) => sessionStorage.setItem(tokenKey, value),
  forget: () => sessionStorage.removeItem(tokenKey),
}

/** The server's refusal, or its silence: `status` 0 when it did not answer at all. */
export class ServerError extends Error {
  constructor(status, { code, detail, values, problems, sinceMs }) {
    super(detail)
    this.status = status
    this.code = code
    this.values = values
    this.sinceMs = sinceMs
    this.problems = problems ?? []
  }
}

/** Asks the API with the token of whoever looks. Throws ServerError. */
export async function ask(path) {
  const response = await send(path, {})
  return response.json()
}

/** A header takes no other characters and no token has them: the server refuses what was replaced. */
const sendable = (text) => text.replaceAll(/[^!-~]/g, '?')

async function send(path, options) {
  let response
  try {
    response = await fetch(path, {
      ...options,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${sendable(token.get())}`,
        ...options.headers,
      },
      cache: 'no-store',
      credentials: 'omit',
    })
  } catch (error) {
    if (error.name === 'AbortError') throw error
    throw new ServerError(0, { code: 'unreachable', detail: String(error.message) })
  }
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  throw new ServerError(response.status, { code: 'unknown', detail: response.statusText, ...problem })
}

/** The server says something at least every 15 s; silence for longer is a dead connection. */
const silenceMs = 40_000

/**
 * Keeps a stream of server-sent events open for as long as the page lives. `onState('live' | 'lost')`; `onChange()` after
 * every connection and every burst of events: what changed is read anew then, so that nothing is missed in between.
 * Gives a function that ends it.
 */
export function followEvents({ onState, onChange, onRefused }) {
  const ending = new AbortController()
  const { signal } = ending
  let connection = new AbortController()
  let goOn = () => undefined
  signal.addEventListener('abort', () => connection.abort())
  // The browser knows of a lost network before the silence is long enough.
  addEventListener('offline', () => connection.abort(), { signal })
  addEventListener('online', () => goOn(), { signal })
  const open = async () => {
    connection = new AbortController()
    const headers = { accept: 'text/event-stream' }
    return (await send('events', { headers, signal: connection.signal })).body
  }
  const rest = (ms) =>
    new Promise((resolve) => {
      goOn = resolve
      setTimeout(resolve, ms)
    })
  const isRefused = (error) => error.status === 401 || error.status === 403
  const isLoss = (error) => !isRefused(error)
  void (async () => {
    let shown
    for await (const { state } of followStream({ open, isLoss, signal, silenceMs, rest })) {
      if (state !== shown) onState(state)
      shown = state
      if (state === 'live') onChange()
    }
  })().catch((error) => {
    if (!isRefused(error)) throw error
    onRefused(error)
  })
  return () => ending.abort()
}
