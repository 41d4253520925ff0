import { fork } from 'node:child_process'
import { QianyunError } from '../../domain/errors.ts'
import { ownProgram } from '../own-program.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import type { LoadReport } from '../../domain/measurement/load.ts'
import type { LoadTestOptions } from './compare.ts'
import type { LoadProfile, LoadTarget } from './profile.ts'
import type { Said } from '../../domain/words/message.ts'

/** The order to the generator's process. */
export interface LoadOrder {
  readonly targets: readonly LoadTarget[]
  readonly profile: LoadProfile
  readonly options: Pick<LoadTestOptions, 'repeats' | 'maxGeneratorLagMs' | 'spareRuns'>
}

export type LoadMessage =
  { readonly say: string } | { readonly report: LoadReport } | { readonly failure: string }

/** Thrown when the load generator itself fails; nothing is known about the targets then. */
export class LoadGeneratorFailedError extends QianyunError {
  override name = 'LoadGeneratorFailedError'
  readonly code = 'load-generator-failed'

  constructor(readonly reason: Said) {
    super(said('load-generator-failed', { reason }))
  }
}

/**
 * Runs a load test in a process of its own: other work of this process, such as SSH and bundling, would delay the generator and make
 * the measurement invalid.
 * @throws LoadGeneratorFailedError; the signal's reason if aborted
 */
export async function loadTestApart(
  targets: readonly LoadTarget[],
  profile: LoadProfile,
  options: LoadTestOptions,
): Promise<LoadReport> {
  const { repeats, maxGeneratorLagMs, spareRuns, signal } = options
  signal?.throwIfAborted()
  const { file, execArgv } = ownProgram('load')
  const child = fork(file, { execArgv: [...execArgv] })
  const stop = () => void child.kill('SIGKILL')
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<LoadReport>((resolve, reject) => {
      child.on('message', (message) => {
        const told = message as LoadMessage
        if ('say' in told) options.say?.(told.say)
        else if ('report' in told) resolve(told.report)
        else reject(new LoadGeneratorFailedError(inForeignWords(told.failure)))
      })
      child.on('error', (error) => reject(new LoadGeneratorFailedError(inForeignWords(error.message))))
      child.on('exit', (code, killedBy) => {
        const how =
          killedBy === null
            ? said('cause-exit-code', { exitCode: code ?? 0 })
            : said('cause-killed', { signal: killedBy })
        reject(signal?.aborted === true ? (signal.reason as Error) : new LoadGeneratorFailedError(how))
      })
      const order: LoadOrder = { targets, profile, options: { repeats, maxGeneratorLagMs, spareRuns } }
      child.send(order)
    })
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}
