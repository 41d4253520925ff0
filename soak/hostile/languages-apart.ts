import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Tried } from './attack.ts'

const program = join(import.meta.dirname, 'languages-main.ts')
const silentMs = 120_000

/**
 * Reads mangled texts in one process of its own, which can be ended: a text without an end would hold the soak, too. One that says nothing
 * for long, or dies, has been attacked with success.
 */
export async function fuzzApart(
  seed: number,
  count: number,
  argv: readonly string[] = ['--import', 'tsx', program],
  withinMs = silentMs,
): Promise<Tried> {
  const child = spawn(process.execPath, [...argv, String(seed), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What follows the seed is the same whether a test or a soak asks.
    env: { PATH: process.env['PATH'] },
  })
  let tried: Tried = { attacks: 0, succeeded: [] }
  let silent = setTimeout(end, withinMs)
  const late = new AbortController()
  function end(): void {
    late.abort()
    child.kill('SIGKILL')
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    clearTimeout(silent)
    silent = setTimeout(end, withinMs)
    tried = JSON.parse(line) as Tried
  })
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(silent)
  if (code === 0 && tried.attacks === count) return tried
  const how = late.signal.aborted
    ? `took no end within ${String(withinMs)} ms`
    : `ended their process (${String(code)})`
  const line = `texts of seed ${String(seed)} after number ${String(tried.attacks)} ${how}`
  return { attacks: tried.attacks + 1, succeeded: [...tried.succeeded, line] }
}
