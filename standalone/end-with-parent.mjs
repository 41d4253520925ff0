import { isMainThread } from 'node:worker_threads'

/** Longer than any program of the stack takes to end in order. */
const graceMs = 60_000

/**
 * Preloaded into a program of the stack: ends it in order, as SIGTERM does, when its standard input ends. The stack holds
 * the other end for as long as it lives. Without a stack nothing is there to ask for the end a second time, so that a
 * program that does not end is killed.
 */
function endWithParent() {
  let isAsked = false
  const end = () => {
    if (isAsked) return
    isAsked = true
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref()
  }
  process.stdin.on('error', end).on('end', end).on('close', end).resume()
  process.stdin.unref?.()
  // Nobody reads what is printed then; it must not cut the ending short.
  process.stdout.on('error', () => undefined)
}

// Threads preload this too, and their standard input is not the stack's.
if (isMainThread) endWithParent()
