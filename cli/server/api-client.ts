import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AnswerOf, BodyInput, ParamsOf, QueryInput, RouteName, Routes } from '../../api/contract.ts'
import {
  type CliError,
  NotSignedInError,
  RefusedError,
  UnreachableError,
  type ProblemDocument,
} from '../command-line/errors.ts'
import { sentence } from '../language/message.ts'
import { ask, type Answer, type Question } from './ask.ts'
import { errorMessages as m } from '../messages/errors.ts'

/** What a route is called with: parts it does not have are left out. */
export interface CallInput<N extends RouteName> {
  readonly params?: ParamsOf<Routes[N]>
  readonly query?: QueryInput<Routes[N]>
  readonly body?: BodyInput<Routes[N]>
  /** Bytes instead of a JSON body, for the routes that take them. */
  readonly bytes?: { readonly type: string; readonly content: Uint8Array }
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

const timeoutMs = 120_000
/** Routes that wait for hosts answer late. The server's own limit is 600 s. */
const slowRoutes: Partial<Record<RouteName, number>> = { planPlaybook: 660_000 }

/** A worker that was restarted is back within this time. */
const workerBackMs = 30_000
const notAnswered: ReadonlySet<string> = new Set([
  'not-answered-in-time',
  'workflow-not-ready',
  'temporal-unavailable',
])

/** The API as the program calls it: every route by its name in the contract. */
export class ApiClient {
  constructor(
    readonly server: string,
    /** The bearer token; asked for once and only when a call is made. */
    private readonly token: () => string,
    private readonly forAccount: string,
    private readonly interrupted: AbortSignal,
    /** How long an answer may take to begin, and how long a command nobody could answer is sent again. */
    private readonly patienceMs?: number,
  ) {}

  /**
   * Calls a route and gives its answer.
   * Throws RefusedError, NotSignedInError, UnreachableError.
   */
  async call<N extends RouteName>(name: N, input: CallInput<N> = {}): Promise<AnswerOf<Routes[N]>> {
    const response = await this.fetch(name, input)
    if (!response.type.includes('json')) throw this.notAnApi(response)
    return (await response.json()) as AnswerOf<Routes[N]>
  }

  /** The bytes of the answer as they came, for what is checked by digest. */
  async bytes<N extends RouteName>(name: N, input: CallInput<N> = {}): Promise<Uint8Array> {
    return (await this.fetch(name, input)).bytes()
  }

  /** The accepted answer itself, for what is read as it comes. Errors as `call`. */
  async fetch<N extends RouteName>(name: N, input: CallInput<N> = {}): Promise<Answer> {
    const { routes, pathOf } = await import('../../api/contract.ts')
    const route = routes[name]
    const path = pathOf(route, input.params)
    const url = new URL(this.server + path)
    const query: Readonly<Record<string, unknown>> = input.query ?? {}
    for (const [key, value] of Object.entries(query)) {
      if (typeof value === 'string' || typeof value === 'number') url.searchParams.set(key, String(value))
    }
    const request = {
      method: route.method,
      headers: {
        accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
        ...(route.roles === 'public' ? {} : { authorization: `Bearer ${this.token()}` }),
        ...(route.method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...contentType(input),
        ...input.headers,
      },
      ...body(input),
    }
    const limitMs = this.patienceMs ?? slowRoutes[name] ?? timeoutMs
    const untilMs = Date.now() + (this.patienceMs ?? workerBackMs)
    for (;;) {
      const response = await this.sendWithin(limitMs, url, request, input.signal)
      if (response.ok) return response
      const refused = await this.refusal(response)
      // The same idempotency key is the same command: whatever became of the first, it is carried out once.
      const sendAgain = route.method === 'POST' && notAnswered.has(refused.code) && Date.now() < untilMs
      if (!sendAgain) throw refused
      await sleep(500, undefined, { signal: this.interrupted })
    }
  }

  private async sendWithin(
    limitMs: number,
    url: URL,
    question: Omit<Question, 'signal'>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const limit = new AbortController()
    // Not AbortSignal.timeout: inside AbortSignal.any it may be collected before it fires (nodejs/node#54614).
    const timer = setTimeout(() => limit.abort(this.silent(limitMs)), limitMs)
    const either = signal ?? AbortSignal.any([limit.signal, this.interrupted])
    return this.send(url, { ...question, signal: either }).finally(() => clearTimeout(timer))
  }

  private async send(url: URL, question: Question): Promise<Answer> {
    try {
      // A connection that broke half-way is tried once more: the same idempotency key is the same request.
      return await ask(url, question).catch((error: unknown) => {
        if (!brokeHalfWay(error)) throw error
        return ask(url, question)
      })
    } catch (error) {
      if (error instanceof UnreachableError) throw error
      if (question.signal.aborted && (error as Error).name === 'AbortError') throw error
      throw new UnreachableError(sentence(m.unreachable, { server: this.server, cause: causeOf(error) }))
    }
  }

  private async refusal(response: Answer): Promise<CliError> {
    if (!response.type.includes('json')) return this.notAnApi(response)
    const problem = (await response.json()) as Partial<ProblemDocument>
    const { detail, code } = problem
    if (detail === undefined || code === undefined) return this.notAnApi(response)
    if (response.status === 401) {
      return new NotSignedInError(
        sentence(m.tokenRefused, { server: this.server, forAccount: this.forAccount, detail }),
      )
    }
    return RefusedError.of({ ...problem, status: response.status, code, detail })
  }

  private silent(limitMs: number): UnreachableError {
    return new UnreachableError(sentence(m.silent, { server: this.server, seconds: limitMs / 1000 }))
  }

  private notAnApi(response: Answer): UnreachableError {
    response.drop()
    return new UnreachableError(
      sentence(m.notAnApi, {
        server: this.server,
        path: response.url.pathname,
        status: response.status,
        contentType: response.type,
      }),
    )
  }
}

function contentType(input: CallInput<RouteName>): Record<string, string> {
  if (input.bytes) return { 'content-type': input.bytes.type }
  return input.body === undefined ? {} : { 'content-type': 'application/json' }
}

function body(input: CallInput<RouteName>): { body?: string | Uint8Array } {
  if (input.bytes) return { body: input.bytes.content }
  return input.body === undefined ? {} : { body: JSON.stringify(input.body) }
}

const brokeHalfWay = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(causeOf(error))

function causeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
