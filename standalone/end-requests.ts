const sameKeystrokeMs = 1_000

/**
 * Runs the steps of an ending, one for each request to end. A signal, or an output that nobody reads any more, is the first
 * request. SIGHUP and SIGTERM never are a further one: a closed terminal, npm and a service manager send several for one
 * intent. Only SIGINT asks again, and only a second or more after the request before: npm repeats the Ctrl-C of a terminal.
 */
export function onEndRequests(steps: readonly (() => void)[]): void {
  let taken = 0
  let takenAtMs = -Infinity
  const take = (again: boolean): void => {
    const isNew = taken === 0 || (again && performance.now() - takenAtMs >= sameKeystrokeMs)
    const step = steps[taken]
    if (!isNew || step === undefined) return
    taken += 1
    takenAtMs = performance.now()
    step()
  }
  process.on('SIGINT', () => take(true))
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => take(false))
  for (const output of [process.stdout, process.stderr]) output.on('error', () => take(false))
}
