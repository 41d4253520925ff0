import { loadConfig } from '../config/config.ts'
import { QianyunError } from '../domain/errors.ts'
import { serve } from './http/serve.ts'

/** The API as a process: says on standard output when it is ready, and ends by SIGTERM or SIGINT. */
try {
  const served = await serve(loadConfig(process.env, 'api'))
  process.stdout.write(`${JSON.stringify({ ready: true, url: served.url })}\n`)
  await toldToEnd()
  await served[Symbol.asyncDispose]()
} catch (error) {
  process.stderr.write(`${error instanceof QianyunError ? error.message : String(error)}\n`)
  process.exitCode = 1
}

/** However often it is told: a second signal must not cut the ending short. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
  })
}
