import { words } from './words.mjs'

const width = 26

/** How often a log is told how much has come. */
const inLogEveryMs = 10_000

/**
 * Does one thing and says so on one line with the time it took. `work` gives what to say; it may tell `note(text, came)` of
 * what it is at, which a terminal shows in place while it lasts. `came` gives how much has come so far: `{ bytes, ofBytes }`, or
 * undefined while nobody knows.
 */
export async function step(title, work) {
  const begin = performance.now()
  const live = process.stdout.isTTY
  let at = ''
  let received = () => undefined
  const note = (text, came = () => undefined) => {
    at = text
    received = came
    show(text)
  }
  const show = (text) => {
    if (live) process.stdout.write(`\r\x1b[2K… ${padded(title)} ${text}`)
    else process.stdout.write(`… ${padded(title)} ${text}\n`)
  }
  // Whoever waits is told that something goes on: first after ten seconds, then ever more rarely, unless there is more to tell.
  let nextMs = inLogEveryMs
  const alive = setInterval(() => {
    const passedMs = performance.now() - begin
    if (passedMs < nextMs) return
    const came = received()
    const seconds = Math.round(passedMs / 1000)
    show(came === undefined ? words.stillAtIt(at, seconds) : words.received(at, inMb(came), seconds))
    if (live) nextMs = passedMs + 1_000
    else nextMs = came === undefined ? nextMs * 2 : passedMs + inLogEveryMs
  }, 1_000)
  try {
    const outcome = await work(note)
    print(live, `✓ ${padded(title)} ${outcome}${elapsed(begin)}`)
  } catch (error) {
    print(live, `✗ ${padded(title)} ${words.failed}${elapsed(begin)}`)
    throw error
  } finally {
    clearInterval(alive)
  }
}

/** `3.1 MB`, or `3.1 / 45.0 MB` where the whole is known. */
function inMb({ bytes, ofBytes }) {
  const mb = (count) => (count / 1_000_000).toFixed(1)
  return ofBytes === undefined ? `${mb(bytes)} MB` : `${mb(bytes)} / ${mb(ofBytes)} MB`
}

function print(live, line) {
  process.stdout.write(live ? `\r\x1b[2K${line}\n` : `${line}\n`)
}

/** A Chinese character takes two columns. */
function padded(title) {
  const columns = [...title].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0)
  return title + ' '.repeat(Math.max(0, width - columns))
}

function elapsed(begin) {
  const seconds = (performance.now() - begin) / 1000
  return seconds < 0.1 ? '' : words.took(seconds.toFixed(1))
}
