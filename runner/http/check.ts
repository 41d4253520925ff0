import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { isNoWayThere } from '../ssh/addresses.ts'
import { ask, type Answer, type Question } from './ask.ts'
import { addressesOfUrl, atAddress } from './each-address.ts'
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

/** What one attempt has found: the first answer, and what is wrong at which address. */
interface Attempt {
  readonly answer?: Answer
  readonly finding?: Said
  /** Addresses that this machine has no way to. */
  readonly notAsked: readonly string[]
}

export interface CheckedHttp {
  readonly answer: Answer
  readonly attempts: number
  readonly elapsedMs: number
  /** The addresses of the name, where it leads to several; each has answered as expected. */
  readonly addresses?: readonly string[]
  /** Addresses of the name that could not be asked, because this machine has no way to them. */
  readonly notAsked?: readonly string[]
}

/**
 * Sends requests until the answer is as expected, at most `attempts` times. A name that leads to several addresses is asked at each of them,
 * if asking changes nothing.
 * @throws HttpCheckFailedError; the signal's reason if aborted
 */
export async function checkHttp(
  question: Question,
  expectation: Expectation,
  options: CheckOptions,
): Promise<CheckedHttp> {
  const { method = 'GET' } = question
  const asksEach = method === 'GET' || method === 'HEAD'
  let finding = inForeignWords('')
  for (let attempt = 1; attempt <= options.attempts; attempt += 1) {
    if (attempt > 1) await sleep(options.intervalMs, undefined, { signal: options.signal })
    const startMs = performance.now()
    // Each time anew: a name may be on its way to other addresses.
    const addresses = asksEach ? await addressesOfUrl(question.url) : []
    const found = await askEach({ ...question, signal: options.signal }, expectation, addresses)
    if (found.answer !== undefined && found.finding === undefined) {
      const asked = addresses.filter((address) => !found.notAsked.includes(address))
      return {
        answer: found.answer,
        attempts: attempt,
        elapsedMs: Math.round(performance.now() - startMs),
        ...(addresses.length > 1 && { addresses: asked }),
        ...(found.notAsked.length > 0 && { notAsked: found.notAsked }),
      }
    }
    finding = found.finding ?? finding
  }
  throw new HttpCheckFailedError(question.url, options.attempts, finding)
}

async function askEach(
  question: Question,
  expectation: Expectation,
  addresses: readonly string[],
): Promise<Attempt> {
  const places = addresses.length > 1 ? addresses : [undefined]
  const outcomes = await Promise.all(
    places.map(async (address) => {
      try {
        const answer = await ask({ ...question, address })
        const wrong = unmet(answer, expectation)
        return { answer, ...(wrong !== undefined && { finding: atAddress(address, wrong) }) }
      } catch (error) {
        question.signal?.throwIfAborted()
        const finding = atAddress(address, noAnswer(error, question.timeoutMs))
        return address !== undefined && isNoWayThere(error) ? { finding, notAsked: address } : { finding }
      }
    }),
  )
  const asked = outcomes.filter((one) => !('notAsked' in one))
  const answer = asked.find((one) => 'answer' in one)?.answer
  const finding = (asked.length === 0 ? outcomes : asked).find((one) => one.finding !== undefined)?.finding
  return {
    ...(answer !== undefined && { answer }),
    ...(finding !== undefined && { finding }),
    notAsked: outcomes.flatMap((one) => ('notAsked' in one ? [one.notAsked] : [])),
  }
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
