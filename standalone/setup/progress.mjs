import { words } from './words.mjs'

const width = 26

/**
 * Does one thing and says so on one line with the time it took. `work` gives what to say; it may tell `note(text)` of
 * what it is at, which a terminal shows in place while it lasts.
 */
export async function step(title, work) {
  const begin = performance.now()
  const live = process.stdout.isTTY
  let at = ''
  const note = (text) => {
    at = text
    show(text)
  }
  const show = (text) => {
    if (live) process.stdout.write(`\r\x1b[2K… ${padded(title)} ${text}`)
    else process.stdout.write(`… ${padded(title)} ${text}\n`)
  }
  // Whoever waits is told that something goes on: first after ten seconds, then ever more rarely.
  let nextMs = 10_000
  const alive = setInterval(() => {
    const passedMs = performance.now() - begin
    if (passedMs < nextMs) return
    show(words.stillAtIt(at, Math.round(passedMs / 1000)))
    nextMs = live ? passedMs + 1_000 : nextMs * 2
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
