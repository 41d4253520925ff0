import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { ask, type Answer, type Question } from './ask.ts'
import { unmet, type Expectation } from './expectation.ts'

/** Thrown when no attempt gets the expected answer. `finding` says what the last attempt found. */
export class HttpCheckFailedError extends QianyunError {
  override name = 'HttpCheckFailedError'
  readonly code = 'http-check-failed'

  constructor(
    readonly url: string,
    readonly attempts: number,
    readonly finding: Said,
  ) {
    super(said('http-check-failed', { url, attempts, finding }))
  }
}

export interface CheckOptions {
  readonly attempts: number
  readonly intervalMs: number
  readonly signal: AbortSignal
}

/**
 * Sends requests until the answer is as expected, at most `attempts` times.
 * @throws HttpCheckFailedError; the signal's reason if aborted
 */
export async function checkHttp(
  question: Question,
  expectation: Expectation,
  options: CheckOptions,
): Promise<{ answer: Answer; attempts: number; elapsedMs: number }> {
  let finding = inForeignWords('')
  for (let attempt = 1; attempt <= options.attempts; attempt += 1) {
    if (attempt > 1) await sleep(options.intervalMs, undefined, { signal: options.signal })
    const startMs = performance.now()
    try {
      const answer = await ask({ ...question, signal: options.signal })
      const wrong = unmet(answer, expectation)
      if (wrong === undefined) {
        return { answer, attempts: attempt, elapsedMs: Math.round(performance.now() - startMs) }
      }
      finding = wrong
    } catch (error) {
      options.signal.throwIfAborted()
      finding = noAnswer(error, question.timeoutMs)
    }
  }
  throw new HttpCheckFailedError(question.url, options.attempts, finding)
}

function noAnswer(error: unknown, timeoutMs: number): Said {
  if (typeof error !== 'object' || error === null)
    return said('no-answer', { reason: inForeignWords(String(error)) })
  if ('name' in error && error.name === 'TimeoutError') return said('no-answer-in-time', { timeoutMs })
  const { message } = error as { message?: unknown }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return said('no-answer', {
    reason: inForeignWords([code, message].filter((part) => part !== '').join(': ')),
  })
}
