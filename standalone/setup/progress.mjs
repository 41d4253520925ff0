const width = 26

/**
 * Does one thing and says so on one line with the time it took. `work` gives what to say; it may tell `note(text)` of
 * what it is at, which a terminal shows in place while it lasts.
 */
export async function step(title, work) {
  const begin = performance.now()
  const live = process.stdout.isTTY
  const note = (text) => {
    if (live) process.stdout.write(`\r\x1b[2K… ${title.padEnd(width)} ${text}`)
    else process.stdout.write(`… ${title.padEnd(width)} ${text}\n`)
  }
  try {
    const outcome = await work(note)
    print(live, `✓ ${title.padEnd(width)} ${outcome}${elapsed(begin)}`)
  } catch (error) {
    print(live, `✗ ${title.padEnd(width)} failed${elapsed(begin)}`)
    throw error
  }
}

function print(live, line) {
  process.stdout.write(live ? `\r\x1b[2K${line}\n` : `${line}\n`)
}

function elapsed(begin) {
  const seconds = (performance.now() - begin) / 1000
  return seconds < 0.1 ? '' : ` (${seconds.toFixed(1)} s)`
}
