const tokenKey = 'qianyun-token'

export const token = {
  get: () => sessionStorage.getItem(tokenKey) ?? '',
  keep: (value) => sessionStorage.setItem(tokenKey, value),
  forget: () => sessionStorage.removeItem(tokenKey),
}

/** The server's refusal, or its silence: `status` 0 when it did not answer at all. */
export class ServerError extends Error {
  constructor(status, code, detail) {
    super(detail)
    this.status = status
    this.code = code
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
    throw new ServerError(0, 'unreachable', String(error.message))
  }
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  throw new ServerError(response.status, problem.code ?? 'unknown', problem.detail ?? response.statusText)
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
  let connection = new AbortController()
  let goOn = () => undefined
  ending.signal.addEventListener('abort', () => connection.abort())
  // The browser knows of a lost network before the silence is long enough.
  addEventListener('offline', () => connection.abort(), { signal: ending.signal })
  addEventListener('online', () => goOn(), { signal: ending.signal })
  const wait = (ms) =>
    new Promise((resolve) => {
      goOn = resolve
      setTimeout(resolve, ms)
    })
  void (async () => {
    let lastId = ''
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      connection = new AbortController()
      try {
        const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) }
        const response = await send('events', { headers, signal: connection.signal })
        failures = 0
        onState('live')
        onChange()
        for await (const id of eventIds(response.body)) {
          if (id !== undefined) lastId = id
          onChange()
        }
      } catch (error) {
        if (error.status === 401 || error.status === 403) {
          onRefused(error)
          return
        }
      }
      if (ending.signal.aborted) return
      onState('lost')
      await wait(Math.min(5000, 300 * 2 ** failures))
    }
  })()
  return () => ending.abort()
}

/** One value for each burst: the id of its last event, undefined when what changed is no event. */
async function* eventIds(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      let timer
      const silence = new Promise((resolve) => {
        timer = setTimeout(() => resolve({ done: true }), silenceMs)
      })
      const { done, value } = await Promise.race([reader.read(), silence])
      clearTimeout(timer)
      if (done) return
      const blocks = (rest + value).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      const news = blocks.filter((block) => /^data:/m.test(block))
      const ids = news.flatMap((block) => /^id: ?(.+)$/m.exec(block)?.[1] ?? [])
      if (news.length > 0) yield ids.at(-1)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
