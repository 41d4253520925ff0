import { createParser } from 'eventsource-parser'

const longestRestMs = 5_000

export async function* followStream({ open, isLoss, signal, silenceMs, rest = restWithin }) {
  for (let failures = 0; !signal.aborted; failures += 1) {
    let cause = 'closed'
    try {
      const body = await open()
      failures = 0
      yield { state: 'live' }
      for await (const state of bursts(body, silenceMs)) yield state
    } catch (error) {
      if (signal.aborted) return
      if (!isLoss(error)) throw error
      cause = error.message
    }
    if (signal.aborted) return
    yield { state: 'lost', cause }
    await rest(Math.min(longestRestMs, 250 * 2 ** failures), signal)
  }
}

/** One value for each piece of the stream that completes events. Comments, such as heartbeats, are none. */
async function* bursts(body, silenceMs) {
  if (body === null) return
  let events = 0
  const parser = createParser({
    onEvent() {
      events += 1
    },
  })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const timer = setTimeout(() => void reader.cancel().catch(() => undefined), silenceMs)
      const { done, value } = await reader.read().finally(() => clearTimeout(timer))
      if (done) return
      events = 0
      parser.feed(decoder.decode(value, { stream: true }))
      if (events > 0) yield { state: 'live' }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function restWithin(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
