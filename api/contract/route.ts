import type { z } from 'zod'
import type { Role } from '../../domain/organisation.ts'

export type Method = 'GET' | 'POST'

/** What a body is made of. `json` is the rule; the others are named by the routes that take or give them. */
export type MediaType =
  | 'application/json'
  | 'application/octet-stream'
  | 'application/x-ndjson'
  | 'text/csv'
  | 'text/event-stream'
  | 'text/html'

/** One route: what the server registers, what a client calls, and what the API's description shows. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly method: Method
  readonly path: string
  readonly summary: string
  /** `public` asks for no token; otherwise the account's role must be listed. Nobody else gets in. */
  readonly roles: 'public' | readonly [Role, ...Role[]]
  readonly status: 200 | 201 | 202
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly response: R
  /** Other than JSON; `text/csv` is taken beside it. */
  readonly takes?: readonly MediaType[]
  readonly gives?: MediaType
  /** What becomes of secrets in the body. Without it such a request is refused; `kept` is for what is stored nowhere. */
  readonly secrets?: 'masked' | 'kept'
}

export type ParamsOf<R extends Route> = z.output<R['params']>
export type QueryOf<R extends Route> = z.output<R['query']>
export type BodyOf<R extends Route> = z.output<R['body']>
/** What a client hands in: fields with defaults may be left out. */
export type QueryInput<R extends Route> = z.input<R['query']>
export type BodyInput<R extends Route> = z.input<R['body']>
export type AnswerOf<R extends Route> = z.output<R['response']>

/** The path with its parameters filled in: `pathOf(routes.showSystem, { system: 'permit-desk' })`. */
export function pathOf(route: Pick<Route, 'path'>, params: Readonly<Record<string, string>> = {}): string {
  return route.path.replaceAll(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}
